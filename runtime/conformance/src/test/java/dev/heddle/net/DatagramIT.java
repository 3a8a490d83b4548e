package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.cpython.Blocks;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Datagrams over real sockets. */
class DatagramIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static SocketAddress address(Datagram datagram) {
        return requireNonNull(datagram.localAddress());
    }

    @Async
    private static Coroutine<String> receive(Datagram datagram) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        await(datagram.receive(buffer));
        return Coroutine.of(UTF_8.decode(buffer.flip()).toString());
    }

    @Async
    private static Coroutine<Void> thereAndBack() throws IOException {
        try (Datagram server = await(Datagram.bind(ANY_PORT));
                Datagram client = await(Datagram.connect(address(server)))) {
            Task<String> receiving = createTask(receive(server));
            await(sleep(0));
            ByteBuffer hello = bytes("hello");
            await(client.send(hello));
            assertFalse(hello.hasRemaining());
            assertEquals("hello", await(receiving));
            await(client.send(bytes("again"), address(server)));
            ByteBuffer large = ByteBuffer.allocateDirect(70_000);
            assertEquals(client.localAddress(), await(server.receive(large)));
            assertEquals("again", UTF_8.decode(large.flip()).toString());
            await(server.send(bytes("answer"), address(client)));
            assertEquals("answer", await(receive(client)));
            await(server.send(ByteBuffer.allocate(0), address(client)));
            assertEquals("", await(receive(client)));
            assertEquals(server.localAddress(), client.remoteAddress());
            assertNull(server.remoteAddress());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_selector_events.SelectorDatagramTransportTests.test_sendto_no_data")
    void datagramsGoThereAndBack() throws IOException {
        run(thereAndBack());
    }

    @Async
    private static Coroutine<Void> largest() throws IOException {
        SocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        try (Datagram server = await(Datagram.bind(any));
                Datagram client = await(Datagram.connect(address(server)))) {
            byte[] most = new byte[65_507];
            most[65_506] = 7;
            await(client.send(ByteBuffer.wrap(most)));
            ByteBuffer buffer = ByteBuffer.allocate(65_507);
            await(server.receive(buffer));
            assertArrayEquals(most, buffer.array());
            SocketException tooLong =
                    await(Blocks.raised(SocketException.class, client.send(ByteBuffer.allocate(65_508))));
            assertTrue(
                    tooLong.getMessage().startsWith("cannot send a datagram of 65508 bytes to "), tooLong.getMessage());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_selector_events.SelectorDatagramTransportTests.test_sendto_exception")
    void largestDatagram() throws IOException {
        run(largest());
    }

    @Async
    private static Coroutine<Void> truncated() throws IOException {
        try (Datagram server = await(Datagram.bind(ANY_PORT));
                Datagram client = await(Datagram.connect(address(server)))) {
            await(client.send(bytes("too long")));
            await(client.send(bytes("fits")));
            ByteBuffer small = ByteBuffer.allocate(4);
            DatagramTruncatedException lost =
                    await(Blocks.raised(DatagramTruncatedException.class, server.receive(small)));
            assertEquals("too ", new String(small.array(), UTF_8));
            assertEquals(8, lost.size());
            assertEquals(client.localAddress(), lost.sender());
            assertEquals(
                    "a datagram from " + Failures.text(client.localAddress())
                            + " has 8 bytes, but the buffer had room for 4 only; a buffer of"
                            + " 65,535 bytes has room for every datagram",
                    lost.getMessage());
            assertEquals(client.localAddress(), await(server.receive(small.clear())));
            assertEquals("fits", new String(small.array(), UTF_8));
        }
        return Coroutine.done();
    }

    @Test
    void truncationIsTold() throws IOException {
        run(truncated());
    }

    @Async
    private static Coroutine<Void> unreachable() throws IOException {
        Datagram gone = await(Datagram.bind(ANY_PORT));
        SocketAddress address = address(gone);
        gone.close();
        try (Datagram client = await(Datagram.connect(address))) {
            await(client.send(bytes("anybody?")));
            PortUnreachableException unreachable = await(Blocks.raised(
                    PortUnreachableException.class,
                    waitFor(client.receive(ByteBuffer.allocate(10)), Duration.ofMinutes(1))));
            assertEquals(
                    "port unreachable: nobody receives datagrams at " + Failures.text(address)
                            + "; start the program there, or check the address",
                    unreachable.getMessage());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_events.EventLoopTestsMixin.test_datagram_send_to_non_listening_address",
        "test_selector_events.SelectorDatagramTransportTests.test_sendto_error_received_connected",
        "test_selector_events.SelectorDatagramTransportTests.test_read_ready_err"
    })
    void unreachablePortOfAConnection() throws IOException {
        run(unreachable());
    }

    @Async
    private static Coroutine<Void> refused() throws IOException {
        Datagram one = await(Datagram.bind(ANY_PORT));
        BindException inUse = await(Blocks.raised(BindException.class, Datagram.bind(address(one))));
        assertTrue(
                inUse.getMessage().startsWith("cannot bind a socket to " + Failures.text(one.localAddress()) + ": "));
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no.such.host", 5);
        for (Coroutine<?> each : new Coroutine<?>[] {
            Datagram.bind(unresolved), Datagram.connect(unresolved), one.send(bytes("x"), unresolved)
        }) {
            assertEquals(
                    "host \"no.such.host\" has no known address; check the name and the name server",
                    await(Blocks.raised(UnknownHostException.class, each)).getMessage());
        }
        SocketAddress unix = UnixDomainSocketAddress.of("/tmp/x");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Datagram.bind(unix))
                .getMessage()
                .contains("no Unix-domain datagrams"));
        assertThrows(IllegalArgumentException.class, () -> Datagram.connect(unix));
        assertThrows(IllegalArgumentException.class, () -> one.send(bytes("x"), unix));
        assertThrows(IllegalStateException.class, () -> one.send(bytes("x")));
        Datagram connected = await(Datagram.connect(address(one)));
        await(Blocks.raised(IllegalStateException.class, connected.send(bytes("x"), address(connected))));
        connected.close();
        one.close();
        one.close();
        assertTrue(one.isClosed());
        assertEquals("<Datagram closed>", one.toString());
        await(Blocks.raised(ConnectionClosedException.class, one.receive(ByteBuffer.allocate(1))));
        await(Blocks.raised(ConnectionClosedException.class, connected.send(bytes("x"))));
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_datagram_endpoint_no_addrinfo",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_datagram_endpoint_addr_error",
        "test_selector_events.SelectorDatagramTransportTests.test_sendto_connected_addr",
        "test_selector_events.SelectorDatagramTransportTests.test_sendto_closing"
    })
    void badUseIsRefused() throws IOException {
        run(refused());
    }

    @Async
    private static Coroutine<Void> waitAndCancel() throws IOException {
        try (Datagram server = await(Datagram.bind(ANY_PORT));
                Datagram client = await(Datagram.connect(address(server)))) {
            for (int turns = 0; turns < 5; turns++) {
                Task<String> receiving = createTask(receive(server));
                for (int turn = 0; turn < turns; turn++) {
                    await(sleep(0));
                }
                if (turns > 1) {
                    await(Blocks.raised(IllegalStateException.class, receive(server)));
                }
                receiving.cancel();
                await(Blocks.raised(CancelledError.class, receiving));
                await(client.send(bytes("kept " + turns)));
                assertEquals("kept " + turns, await(receive(server)));
            }
            Task<String> waiting = createTask(receive(server));
            await(sleep(0));
            server.close();
            await(Blocks.raised(ConnectionClosedException.class, waiting));
        }
        return Coroutine.done();
    }

    @Test
    void cancelledReceiveLosesNothing() throws IOException {
        run(waitAndCancel());
    }

    /** A receiver that never has to wait lets callbacks run. */
    @Async
    private static Coroutine<Integer> flood() throws IOException {
        try (Datagram server = await(Datagram.bind(ANY_PORT));
                Datagram client = await(Datagram.connect(address(server)))) {
            for (int i = 0; i < 100; i++) {
                await(client.send(bytes("x")));
            }
            int[] received = {0};
            int[] before = {0};
            getRunningLoop().callSoon(() -> before[0] = received[0]);
            for (; received[0] < 100; received[0]++) {
                await(receive(server));
            }
            return Coroutine.of(before[0]);
        }
    }

    @Test
    void floodDoesNotStarveTheLoop() throws IOException {
        int before = run(flood());
        assertTrue(before <= 33, before + " datagrams before the callback");
    }

    @Async
    private static Coroutine<Void> group(NetworkInterface network) throws IOException {
        InetAddress group = InetAddress.getByName("239.255.7.7");
        DatagramOptions shared = DatagramOptions.DEFAULT
                .withReuseAddress(true)
                .withBroadcast(true)
                .withReceiveBuffer(100_000)
                .withSendBuffer(100_000);
        try (Datagram server = await(Datagram.bind(new InetSocketAddress("0.0.0.0", 0), shared));
                Datagram second = await(Datagram.bind(address(server), shared))) {
            var membership = server.join(group, network);
            assertTrue(membership.isValid());
            membership.drop();
            assertFalse(membership.isValid());
            assertEquals(server.localAddress(), second.localAddress());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_datagram_endpoint_allow_broadcast",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_datagram_endpoint_sockopts"
    })
    void optionsAndGroups() throws IOException {
        run(group(NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1"))));
    }

    /** The answer comes from outside, so virtual time passes no faster. */
    @Test
    void virtualTimeWaitsForADatagram() throws Exception {
        try (DatagramSocket outside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                EventLoop loop = EventLoop.virtualTime()) {
            Thread answering = new Thread(() -> {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                    outside.receive(packet);
                    outside.send(packet);
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            answering.start();
            String answer = loop.runUntilComplete(() -> {
                Datagram client = await(Datagram.connect(outside.getLocalSocketAddress()));
                await(client.send(bytes("ping")));
                return waitFor(receive(client), Duration.ofHours(1));
            });
            assertEquals("ping", answer);
            assertTrue(loop.time() < 60, "at " + loop.time());
            answering.join();
        }
    }
}
