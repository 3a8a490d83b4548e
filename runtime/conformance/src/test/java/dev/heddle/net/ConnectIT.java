package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connecting to hosts and addresses, and the ways in which it fails. */
class ConnectIT {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    private static int port(Server server) {
        return ((InetSocketAddress) Objects.requireNonNull(server.localAddress())).getPort();
    }

    private static ConnectOptions resolving(List<InetAddress> addresses) {
        return ConnectOptions.DEFAULT.withResolver(host -> Coroutine.of(addresses));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.getLocalPort();
        }
    }

    private static <E extends Throwable, T> E assertFails(Class<E> type, AsyncSupplier<T> body, String... parts) {
        E failure = assertThrows(type, () -> run(body));
        String message = String.valueOf(failure.getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        return failure;
    }

    @Test
    @Mirrors("test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_multiple")
    void nextAddressOfTheHostIsTriedWhenOneRefuses() {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, connection -> connection.write("hello".getBytes())));
            List<InetAddress> addresses = List.of(address("127.0.0.2"), address("127.0.0.3"), LOOPBACK);
            try (server;
                    Connection client = await(Net.connect("example.test", port(server), resolving(addresses)))) {
                assertEquals("hello", await(client.readLine()));
                assertEquals(server.localAddress(), client.remoteAddress());
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_ip_addr")
    void systemResolvesNamesAndNumbers() {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, connection -> connection.write("hello".getBytes())));
            try (server) {
                for (String host : List.of("127.0.0.1", "localhost")) {
                    try (Connection client = await(Net.connect(host, port(server)))) {
                        assertEquals("hello", await(client.readLine()), host);
                    }
                }
                InetSocketAddress unresolved = InetSocketAddress.createUnresolved("127.0.0.1", port(server));
                try (Connection client = await(Net.connect(unresolved))) {
                    assertEquals("hello", await(client.readLine()));
                }
            }
            return Coroutine.done();
        });
    }

    @Test
    void familiesOfAddressesTakeTurns() throws IOException {
        InetAddress six1 = address("2001:db8::1");
        InetAddress six2 = address("2001:db8::2");
        InetAddress six3 = address("2001:db8::3");
        InetAddress four1 = address("192.0.2.1");
        InetAddress four2 = address("192.0.2.2");
        assertEquals(
                List.of(six1, four1, six2, four2, six3),
                Resolution.interleaved(List.of(six1, six2, six3, four1, four2)));
        assertEquals(List.of(four1, six1, four2), Resolution.interleaved(List.of(four1, four2, six1)));
    }

    @Test
    @Mirrors("test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_no_getaddrinfo")
    void unknownHostIsNamed() {
        assertFails(
                UnknownHostException.class,
                () -> Net.connect("example.test", 1, resolving(List.of())),
                "host \"example.test\" has no known address");
        UnknownHostException cause = new UnknownHostException("example.test: Name or service not known");
        ConnectOptions failing = ConnectOptions.DEFAULT.withResolver(host -> {
            throw cause;
        });
        UnknownHostException failure = assertFails(
                UnknownHostException.class,
                () -> Net.connect("example.test", 1, failing),
                "host \"example.test\" has no known address; check the name");
        assertEquals(cause, failure.getCause());
    }

    @Test
    void refusalNamesTheAddress() throws IOException {
        int port = closedPort();
        ConnectException failure = assertFails(
                ConnectException.class,
                () -> Net.connect(new InetSocketAddress(LOOPBACK, port)),
                "cannot connect to 127.0.0.1:" + port + ": Connection refused; check that a server listens there");
        assertNotNull(failure.getCause());
    }

    @Test
    @Mirrors(
            value = {"test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_multiple_errors"},
            adapted = "the failure is one exception that names each")
    void refusalOfAllAddressesNamesEach() throws IOException {
        int port = closedPort();
        for (Duration delay : new Duration[] {Duration.ZERO, Duration.ofMillis(250), null}) {
            ConnectException failure = assertFails(
                    ConnectException.class,
                    () -> Net.connect(
                            "example.test",
                            port,
                            resolving(List.of(LOOPBACK, address("127.0.0.2"))).withHappyEyeballsDelay(delay)),
                    "cannot connect to example.test:" + port + ", as none of its addresses accepts: ",
                    "127.0.0.1:" + port,
                    "127.0.0.2:" + port);
            assertEquals(1, failure.getSuppressed().length);
        }
    }

    @Test
    @Mirrors("test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_timeout")
    void timeOutCoversTheResolver() {
        ConnectOptions options = ConnectOptions.DEFAULT
                .withTimeout(Duration.ofMillis(1))
                .withResolver(host -> {
                    await(Asyncio.getRunningLoop().createFuture());
                    return Coroutine.of(List.of());
                });
        assertFails(
                SocketTimeoutException.class,
                () -> Net.connect("example.test", 1, options),
                "connecting to example.test:1 took longer than PT0.001S");
    }

    @Test
    @Mirrors("test_events.EventLoopTestsMixin.test_create_connection_local_addr")
    void localAddressIsUsed() throws IOException {
        int port = closedPort();
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, connection -> connection.write("hello".getBytes())));
            InetSocketAddress local = new InetSocketAddress(LOOPBACK, port);
            ConnectOptions options = ConnectOptions.DEFAULT.withLocalAddress(local);
            try (server;
                    Connection client = await(Net.connect("127.0.0.1", port(server), options))) {
                assertEquals(local, client.localAddress());
            }
            return Coroutine.done();
        });
        InetSocketAddress foreign = new InetSocketAddress(address("192.0.2.1"), 0);
        assertFails(
                BindException.class,
                () -> Net.connect("127.0.0.1", port, ConnectOptions.DEFAULT.withLocalAddress(foreign)),
                "cannot bind a socket to 192.0.2.1:0: ",
                "choose an address of this machine");
    }

    @Test
    void badArgumentsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Net.connect("localhost", 65536));
        assertThrows(IllegalArgumentException.class, () -> Net.connect("localhost", -1));
        assertThrows(IllegalArgumentException.class, () -> ConnectOptions.DEFAULT.withTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> ConnectOptions.DEFAULT.withLimit(0));
        assertThrows(IllegalArgumentException.class, () -> ConnectOptions.DEFAULT.withSendBuffer(-1));
        assertThrows(IllegalArgumentException.class, () -> ServeOptions.DEFAULT.withBacklog(0));
        assertThrows(IllegalArgumentException.class, () -> ServeOptions.DEFAULT.withMostConnections(0));
    }

    @Test
    void missingUnixSocketIsNamed(@TempDir Path directory) {
        Path path = directory.resolve("none");
        assertFails(
                NoSuchFileException.class,
                () -> Net.connect(UnixDomainSocketAddress.of(path)),
                path.toString(),
                "there is no such socket; start the server first");
    }

    @Test
    void unixSocketIsDeletedWithItsServer(@TempDir Path directory) {
        Path path = directory.resolve("socket");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        for (boolean cleanUp : List.of(false, true)) { // the first leaves a stale socket to the second
            run(() -> {
                ServeOptions options = ServeOptions.DEFAULT.withCleanUpSocket(cleanUp);
                Server server = await(Net.serve(address, options, connection -> connection.write("hello".getBytes())));
                try (server;
                        Connection client = await(Net.connect(address))) {
                    assertEquals("hello", await(client.readLine()));
                    String message = "";
                    try {
                        await(Net.serve(address, connection -> Coroutine.done()));
                    } catch (BindException inUse) {
                        message = String.valueOf(inUse.getMessage());
                    }
                    assertTrue(message.contains("end the other program"), message);
                }
                return Coroutine.done();
            });
            assertEquals(!cleanUp, Files.exists(path));
        }
    }

    @Test
    void fileThatHasReplacedAUnixSocketStays(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("socket");
        run(() -> {
            Server server = await(Net.serve(UnixDomainSocketAddress.of(path), connection -> Coroutine.done()));
            Files.move(path, directory.resolve("moved"));
            Files.createFile(path);
            server.close();
            return Coroutine.done();
        });
        assertTrue(Files.isRegularFile(path));
        assertFails(
                BindException.class, () -> Net.serve(UnixDomainSocketAddress.of(path), connection -> Coroutine.done()));
        assertTrue(Files.isRegularFile(path));
    }

    @Test
    void bindingFailsWithTheAddress(@TempDir Path directory) {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, connection -> Coroutine.done()));
            try (server) {
                BindException failure = null;
                try {
                    await(Net.serve(Objects.requireNonNull(server.localAddress()), connection -> Coroutine.done()));
                } catch (BindException inUse) {
                    failure = inUse;
                }
                String message = String.valueOf(Objects.requireNonNull(failure).getMessage());
                assertTrue(message.startsWith("cannot bind a socket to 127.0.0.1:" + port(server)), message);
                assertTrue(message.endsWith("choose another address or port"), message);
            }
            return Coroutine.done();
        });
        Path missing = directory.resolve("missing").resolve("socket");
        NoSuchFileException failure = assertFails(
                NoSuchFileException.class,
                () -> Net.serve(UnixDomainSocketAddress.of(missing), connection -> Coroutine.done()),
                missing.toString());
        assertFalse(Files.exists(missing), failure.getMessage());
    }
}
