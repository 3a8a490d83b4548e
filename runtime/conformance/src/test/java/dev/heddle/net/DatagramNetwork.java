package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.testing.MemoryDatagrams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A network in which a test makes ends: UDP, or in memory. */
final class DatagramNetwork {

    /** The kinds of networks. */
    enum Kind {
        UDP_4("127.0.0.1"),
        UDP_6("::1"),
        MEMORY_4("127.0.0.1"),
        MEMORY_6("::1"),
        /** In memory, and each datagram takes 300 ms. */
        LATENCY("127.0.0.1"),
        /** In memory, and each end sends slowly, with a small buffer. */
        RATE("::1");

        private final String host;

        Kind(String host) {
            this.host = host;
        }

        private boolean isUdp() {
            return this == UDP_4 || this == UDP_6;
        }

        private InetAddress address() throws UnknownHostException {
            return InetAddress.getByName(host);
        }

        InetAddress wildcard() throws UnknownHostException {
            return InetAddress.getByName(host.contains(":") ? "::" : "0.0.0.0");
        }
    }

    /** No datagram of a test takes so long, on any machine. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The address of the ends. */
    final InetAddress host;

    private final AsyncFunction<SocketAddress, Datagram> binding;
    private final AsyncFunction<SocketAddress, Datagram> connecting;
    private final List<Datagram> ends = new ArrayList<>();

    private DatagramNetwork(
            InetAddress host,
            AsyncFunction<SocketAddress, Datagram> binding,
            AsyncFunction<SocketAddress, Datagram> connecting) {
        this.host = host;
        this.binding = binding;
        this.connecting = connecting;
    }

    private static DatagramNetwork of(Kind kind) throws IOException {
        if (kind.isUdp()) {
            return new DatagramNetwork(kind.address(), Datagram::bind, Datagram::connect);
        }
        MemoryDatagrams memory = MemoryDatagrams.create();
        if (kind == Kind.LATENCY) {
            memory.latency(Duration.ofMillis(300));
        } else if (kind == Kind.RATE) {
            DatagramOptions small = DatagramOptions.DEFAULT.withSendBuffer(500);
            memory.rate(10_000);
            return new DatagramNetwork(
                    kind.address(), address -> memory.bind(address, small), address -> memory.connect(address, small));
        }
        return new DatagramNetwork(kind.address(), memory::bind, memory::connect);
    }

    /** Calls {@code body} with a network, and closes its ends. */
    static void with(Kind kind, AsyncFunction<DatagramNetwork, Void> body) throws IOException {
        if (kind.isUdp()) {
            assumeTrue(NetworkInterface.getByInetAddress(kind.address()) != null, "this machine has no " + kind.host);
            Asyncio.run(() -> inside(kind, body));
            return;
        }
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(() -> inside(kind, body));
        }
    }

    @Async
    private static Coroutine<Void> inside(Kind kind, AsyncFunction<DatagramNetwork, Void> body) throws Exception {
        DatagramNetwork network = of(kind);
        try {
            await(body.apply(network));
            assertEquals(1, Asyncio.allTasks().size(), "tasks that are left");
        } finally {
            network.ends.forEach(Datagram::close);
        }
        return Coroutine.done();
    }

    // Ends

    /** Returns an end at a free port. */
    @Async
    Coroutine<Datagram> bind() throws Exception {
        return Coroutine.of(await(bind(new InetSocketAddress(host, 0))));
    }

    @Async
    Coroutine<Datagram> bind(SocketAddress address) throws Exception {
        Datagram end = await(binding.apply(address));
        ends.add(end);
        return Coroutine.of(end);
    }

    @Async
    Coroutine<Datagram> connect(SocketAddress address) throws Exception {
        Datagram end = await(connecting.apply(address));
        ends.add(end);
        return Coroutine.of(end);
    }

    // What a test does with ends

    static SocketAddress address(Datagram end) {
        return Objects.requireNonNull(end.localAddress());
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.flip()).toString();
    }

    /** Receives a datagram without a limit of time. */
    @Async
    static Coroutine<String> next(Datagram end) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        await(end.receive(buffer));
        return Coroutine.of(text(buffer));
    }

    @Async
    static Coroutine<String> receive(Datagram end) throws IOException {
        return Coroutine.of(await(waitFor(next(end), PATIENCE)));
    }

    /** Receives a datagram into {@code target}. */
    @Async
    static Coroutine<SocketAddress> receive(Datagram end, ByteBuffer target) throws IOException {
        return Coroutine.of(await(waitFor(end.receive(target), PATIENCE)));
    }

    @Async
    static Coroutine<Void> turns(int count) {
        for (int i = 0; i < count; i++) {
            await(sleep(0));
        }
        return Coroutine.done();
    }
}
