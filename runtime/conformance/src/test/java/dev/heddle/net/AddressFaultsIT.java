package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses and names that a socket, the system or TLS does not take, and what the messages call them. */
@Timeout(60)
class AddressFaultsIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final UnixDomainSocketAddress UNIX = UnixDomainSocketAddress.of("/tmp/no-such-socket");

    /** An address of a kind that the JDK does not know. */
    private static final class OtherAddress extends SocketAddress {
        @Override
        public String toString() {
            return "another address";
        }
    }

    @Async
    private static <T> Coroutine<@Nullable Throwable> failure(AsyncSupplier<T> operation) {
        try {
            await(operation.get());
        } catch (Throwable failure) {
            return Coroutine.of(failure);
        }
        return Coroutine.of(null);
    }

    @Async
    private static Coroutine<Void> sendFromIpv4(InetSocketAddress target) throws IOException {
        try (Datagram datagram = await(Datagram.bind(new InetSocketAddress("127.0.0.1", 0)))) {
            await(datagram.send(ByteBuffer.allocate(1), target));
        }
        return Coroutine.done();
    }

    private static AsyncSupplier<Connection> connect(SocketAddress target, @Nullable SocketAddress local) {
        ConnectOptions options =
                local == null ? ConnectOptions.DEFAULT : ConnectOptions.DEFAULT.withLocalAddress(local);
        return () -> Net.connect(target, options);
    }

    private static Stream<Arguments> unsuitable() {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        AsyncSupplier<Server> serving = () -> Net.serve(new OtherAddress(), connection -> Coroutine.done());
        AsyncSupplier<Void> sending = () -> sendFromIpv4(new InetSocketAddress(ipv6Loopback(), 9));
        return Stream.of(
                Arguments.of("[0:0:0:0:0:0:0:1]:9", sending),
                Arguments.of("somewhere:0", connect(target, InetSocketAddress.createUnresolved("somewhere", 0))),
                Arguments.of("/tmp/no-such-socket", connect(target, UNIX)),
                Arguments.of("127.0.0.1:0", connect(UNIX, new InetSocketAddress("127.0.0.1", 0))),
                Arguments.of("another address", connect(target, new OtherAddress())),
                Arguments.of("another address", connect(new OtherAddress(), null)),
                Arguments.of("another address", serving));
    }

    private static InetAddress ipv6Loopback() throws IOException {
        byte[] address = new byte[16];
        address[15] = 1;
        return InetAddress.getByAddress(address);
    }

    @ParameterizedTest(name = "{0}, {index}")
    @MethodSource("unsuitable")
    void anAddressThatASocketDoesNotTakeIsNamed(String named, AsyncSupplier<?> operation) {
        run(() -> {
            Throwable failure = Objects.requireNonNull(await(failure(operation)));
            assertInstanceOf(SocketException.class, failure);
            assertTrue(String.valueOf(failure.getMessage()).contains(named), failure::toString);
            return Coroutine.done();
        });
    }

    /** The program has not chosen a local address, so that it cannot choose another one. */
    @ParameterizedTest
    @CsvSource({"true, choose another local address", "false, no free local port"})
    void aRefusedLocalAddressHasARemedy(boolean bound, String remedy) {
        IOException failure = Failures.connect(ANY_PORT, bound, new BindException("Cannot assign requested address"));
        assertInstanceOf(BindException.class, failure);
        assertTrue(failure.getMessage().contains(remedy), failure::toString);
    }

    /** The time-out of a resolver is not that of the connection. */
    @Test
    void theTimeOutOfAResolverIsItsOwn() {
        TimeoutException own = new TimeoutException("test");
        ConnectOptions options = ConnectOptions.DEFAULT
                .withTimeout(Duration.ofMinutes(5))
                .withResolver(host -> {
                    await(sleep(0));
                    throw own;
                });
        run(() -> {
            assertSame(own, await(failure(() -> Net.connect("somewhere", 1, options))));
            return Coroutine.done();
        });
    }

    /** Clients of Unix-domain sockets have no names. */
    @Test
    void aClosedConnectionHasAName(@TempDir Path directory) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        String[] names = new String[2];
        run(() -> {
            Server server = await(Net.serve(address, connection -> {
                names[0] = connection.toString();
                connection.close();
                names[1] = connection.toString();
                return Coroutine.done();
            }));
            try (server;
                    Connection client = await(Net.connect(address))) {
                await(client.readAll(1));
            }
            await(server.waitClosed());
            return Coroutine.done();
        });
        assertEquals("<Connection at " + address + ">", names[0]);
        assertEquals("<Connection at " + address + " closed>", names[1]);
    }

    /** After a failed start, a server of workers listens nowhere. */
    @Test
    void aFailedStartFreesTheAddressesOfWorkers() throws IOException {
        try (Workers workers = Workers.start(2);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketAddress free = probe.getLocalSocketAddress();
            probe.close();
            List<SocketAddress> both = List.of(free, taken.getLocalSocketAddress());
            run(() -> {
                for (int i = 0; i < 20; i++) {
                    ServeOptions shared = ServeOptions.DEFAULT.withReusePort(true); // so that only listening finds out
                    Throwable failure =
                            await(failure(() -> Net.serve(workers, both, shared, connection -> Coroutine.done())));
                    assertInstanceOf(BindException.class, failure);
                    Listener.requireFree(free);
                }
                return Coroutine.done();
            });
        }
    }

    /** Names that are not of the Internet are not sent, and names that end with a digit are not taken for addresses. */
    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "db1, true",
        "redis-2, true",
        "a.example, true",
        "1.2.3, true",
        "10.0.0.256, true",
        "my_service, false",
        "a_b.example, false",
        "127.0.0.1, false",
        "10.0.0.255, false",
        "::1, false",
        "fe80::1%eth0, false"
    })
    void namesAreSentIfTheyAreNames(String name, boolean sent) throws IOException {
        SSLEngine engine = TlsIT.CLIENT.withServerName(name).engine(null);
        Set<String> names = engine.getSSLParameters().getServerNames() == null
                ? Set.of()
                : engine.getSSLParameters().getServerNames().stream()
                        .map(each -> ((SNIHostName) each).getAsciiName())
                        .collect(Collectors.toSet());
        assertEquals(sent ? Set.of(name) : Set.of(), names);
        assertFalse(
                engine.getSSLParameters().getEndpointIdentificationAlgorithm().isEmpty());
    }
}
