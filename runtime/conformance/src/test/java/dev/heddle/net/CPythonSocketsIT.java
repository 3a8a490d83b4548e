package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.raised;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code test_sock_lowlevel}, and what other files test of sockets, with connections and datagrams instead of bare sockets. */
class CPythonSocketsIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String REQUEST = "GET / HTTP/1.0\r\n\r\n";

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SocketAddress address(Server server) {
        return Objects.requireNonNull(server.localAddress());
    }

    private static SocketAddress address(Datagram datagram) {
        return Objects.requireNonNull(datagram.localAddress());
    }

    /** Answers the first line with a page. */
    @Async
    private static Coroutine<Void> page(Connection connection) throws IOException {
        await(connection.readLine());
        await(connection.write(bytes("HTTP/1.0 200 OK\r\n\r\nTest message")));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> get(SocketAddress address) throws IOException {
        Server server = await(Net.serve(address, CPythonSocketsIT::page));
        try (server;
                Connection client = await(Net.connect(address(server)))) {
            Task<String> early = createTask(client.readLine());
            await(sleep(0));
            early.cancel();
            await(raised(CancelledError.class, early));
            Task<Void> asking = createTask(client.write(bytes(REQUEST)));
            assertEquals("HTTP/1.0 200 OK", await(client.readLine()));
            await(asking);
            assertTrue(new String(await(client.readAll(100)), StandardCharsets.UTF_8).endsWith("Test message"));
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_sock_lowlevel.BaseSockTestsMixin.test_sock_client_ops",
        "test_sock_lowlevel.BaseSockTestsMixin.test_unix_sock_client_ops",
        "test_sock_lowlevel.BaseSockTestsMixin.test_sock_accept",
        "test_unix_events.SelectorEventLoopUnixSocketTests.test_create_unix_server_pathlike",
        "test_unix_events.SelectorEventLoopUnixSocketTests.test_create_unix_connection_pathlike"
    })
    void clients() throws IOException {
        run(get(ANY_PORT));
        run(get(UnixDomainSocketAddress.of(directory.resolve("socket"))));
    }

    @Test
    @Mirrors(
            value = "test_sock_lowlevel.BaseSockTestsMixin.test_sock_client_racing",
            adapted = "the cancelled read has to end before the next begins, as with a StreamReader in Python")
    void clientWhoseFirstReadIsCancelled() throws IOException {
        run(get(ANY_PORT));
        run(get(UnixDomainSocketAddress.of(directory.resolve("socket"))));
    }

    @Test
    @Mirrors("test_sock_lowlevel.BaseSockTestsMixin.test_sock_client_connect_racing")
    void connectingIsCancelledAtEachTurn() {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, CPythonSocketsIT::page));
            try (server) {
                for (int turns = 0; turns < 5; turns++) {
                    Task<Connection> connecting = createTask(Net.connect(address(server)));
                    for (int i = 0; i < turns; i++) {
                        await(sleep(0));
                    }
                    boolean late = connecting.isDone();
                    connecting.cancel();
                    if (late) {
                        await(connecting).close();
                    } else {
                        await(raised(CancelledError.class, connecting));
                    }
                }
                try (Connection client = await(Net.connect(address(server)))) {
                    await(client.write(bytes(REQUEST)));
                    assertEquals("HTTP/1.0 200 OK", await(client.readLine()));
                }
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_sock_lowlevel.BaseSockTestsMixin.test_huge_content",
        "test_sock_lowlevel.BaseSockTestsMixin.test_huge_content_recvinto",
        "test_buffered_proto.BaseTestBufferedProtocol.test_buffered_proto_create_connection"
    })
    void muchContent() {
        byte[] much = new byte[10_000_000];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 >> 3);
        }
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, connection -> connection.write(much)));
            try (server;
                    Connection client = await(Net.connect(address(server)))) {
                ByteBuffer got = ByteBuffer.allocate(much.length + 1);
                int count = 0;
                while (count >= 0) {
                    count = await(client.read(got));
                }
                assertEquals(much.length, got.position());
                assertArrayEquals(much, java.util.Arrays.copyOf(got.array(), much.length));
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_sock_lowlevel.BaseSockTestsMixin.test_sock_client_fail",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_connect_err",
        "test_events.EventLoopTestsMixin.test_create_server_addr_in_use",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_server_cant_bind",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_datagram_endpoint_cant_bind",
        "test_unix_events.SelectorEventLoopUnixSocketTests.test_create_unix_server_existing_path_sock",
        "test_unix_events.SelectorEventLoopUnixSocketTests.test_create_unix_server_existing_path_nonsock",
        "test_unix_events.SelectorEventLoopUnixSocketTests.test_create_unix_server_bind_error",
        "test_events.EventLoopTestsMixin.test_create_unix_server_path_socket_error"
    })
    void refusals() {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, CPythonSocketsIT::page));
            SocketAddress address = address(server);
            await(raised(BindException.class, Net.serve(address, CPythonSocketsIT::page)));
            server.close();
            await(raised(ConnectException.class, Net.connect(address)));
            Datagram datagram = await(Datagram.bind(ANY_PORT));
            await(raised(BindException.class, Datagram.bind(address(datagram))));
            datagram.close();
            SocketAddress unix = UnixDomainSocketAddress.of(directory.resolve("used"));
            Server used = await(Net.serve(unix, CPythonSocketsIT::page));
            await(raised(BindException.class, Net.serve(unix, CPythonSocketsIT::page)));
            used.close();
            java.nio.file.Files.createFile(directory.resolve("used"));
            await(raised(BindException.class, Net.serve(unix, CPythonSocketsIT::page)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_sock_lowlevel.BaseSockTestsMixin.test_cancel_sock_accept",
        "test_events.EventLoopTestsMixin.test_prompt_cancellation"
    })
    void acceptingEndsWithTheServer() {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, CPythonSocketsIT::page));
            await(sleep(0));
            server.close();
            await(server.waitClosed());
            for (int i = 0; i < 3; i++) {
                await(sleep(0));
            }
            assertEquals(1, dev.heddle.Asyncio.allTasks().size(), "the acceptor has ended");
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> exchange(InetAddress host) throws IOException {
        try (Datagram server = await(Datagram.bind(new InetSocketAddress(host, 0)));
                Datagram client = await(Datagram.bind(new InetSocketAddress(host, 0)))) {
            ByteBuffer target = ByteBuffer.allocate(4096);
            Task<SocketAddress> receiving = createTask(server.receive(target));
            await(sleep(0));
            for (int i = 0; i < 10; i++) {
                await(client.send(ByteBuffer.wrap(bytes("message " + i)), address(server)));
                assertEquals(client.localAddress(), await(receiving));
                assertEquals(
                        "message " + i,
                        StandardCharsets.UTF_8.decode(target.flip()).toString());
                receiving = createTask(server.receive(target.clear()));
            }
            receiving.cancel();
            await(raised(CancelledError.class, receiving));
            await(server.send(ByteBuffer.wrap(bytes("answer")), address(client)));
            assertEquals(server.localAddress(), await(client.receive(target.clear())));
            assertEquals("answer", StandardCharsets.UTF_8.decode(target.flip()).toString());
            assertNull(client.remoteAddress());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_sock_lowlevel.BaseSockTestsMixin.test_recvfrom",
        "test_sock_lowlevel.BaseSockTestsMixin.test_recvfrom_into",
        "test_sock_lowlevel.BaseSockTestsMixin.test_sendto_blocking",
        "test_events.EventLoopTestsMixin.test_create_datagram_endpoint",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_datagram_endpoint_ip_addr",
        "test_selector_events.SelectorDatagramTransportTests.test_read_ready",
        "test_selector_events.SelectorDatagramTransportTests.test_read_ready_tryagain",
        "test_selector_events.SelectorDatagramTransportTests.test_sendto"
    })
    void datagrams() throws IOException {
        run(exchange(InetAddress.getByName("127.0.0.1")));
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_server_ipv6",
        "test_events.EventLoopTestsMixin.test_create_server_multiple_hosts_ipv6",
        "test_events.EventLoopTestsMixin.test_create_server_dual_stack",
        "test_events.EventLoopTestsMixin.test_create_datagram_endpoint_ipv6"
    })
    void ipv6() throws IOException {
        InetAddress six = InetAddress.getByName("::1");
        assumeTrue(NetworkInterface.getByInetAddress(six) != null, "this machine has no IPv6");
        run(exchange(six));
        run(get(new InetSocketAddress(six, 0)));
        run(() -> {
            List<SocketAddress> both = List.of(ANY_PORT, new InetSocketAddress(six, 0));
            Server server = await(Net.serve(both, ServeOptions.DEFAULT, CPythonSocketsIT::page));
            assertEquals(2, server.localAddresses().size());
            for (SocketAddress each : server.localAddresses()) {
                Connection client = await(Net.connect(each));
                await(client.write(bytes(REQUEST)));
                assertEquals("HTTP/1.0 200 OK", await(client.readLine()));
                client.close();
            }
            server.close();
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_events.EventLoopTestsMixin.test_create_connection_local_addr_in_use",
        "test_events.EventLoopTestsMixin.test_create_connection_local_addr_nomatch_family",
        "test_events.EventLoopTestsMixin.test_create_connection_local_addr_skip_different_family",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_multiple_errors_local_addr",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_no_local_addr"
    })
    void localAddresses() throws IOException {
        InetAddress six = InetAddress.getByName("2001:db8::1");
        InetAddress four = InetAddress.getByName("127.0.0.1");
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, CPythonSocketsIT::page));
            int port = ((InetSocketAddress) address(server)).getPort();
            ConnectOptions inUse = ConnectOptions.DEFAULT.withLocalAddress(new InetSocketAddress(four, port));
            await(raised(IOException.class, Net.connect(address(server), inUse)));
            ConnectOptions otherFamily = ConnectOptions.DEFAULT
                    .withLocalAddress(new InetSocketAddress(four, 0))
                    .withResolver(host -> Coroutine.of(List.of(six)));
            await(raised(IOException.class, Net.connect("host.test", port, otherFamily)));
            ConnectOptions both = otherFamily.withResolver(host -> Coroutine.of(List.of(six, four)));
            Connection client = await(Net.connect("host.test", port, both));
            assertEquals(four, ((InetSocketAddress) Objects.requireNonNull(client.localAddress())).getAddress());
            client.close();
            ConnectOptions foreign = ConnectOptions.DEFAULT
                    .withLocalAddress(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0))
                    .withResolver(host -> Coroutine.of(List.of(four, InetAddress.getByName("127.0.0.2"))));
            await(raised(IOException.class, Net.connect("host.test", port, foreign)));
            server.close();
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_base_events.TestSelectorUtils.test_set_nodelay")
    void smallPacketsAreNotHeldBackByDefault() {
        for (boolean on : List.of(true, false)) {
            assertTrue(ServeOptions.DEFAULT.withNoDelay(on).toString().contains("noDelay=" + on));
            assertTrue(ConnectOptions.DEFAULT.withNoDelay(on).toString().contains("noDelay=" + on));
        }
        assertTrue(ConnectOptions.DEFAULT.toString().contains("noDelay=true"));
    }
}
