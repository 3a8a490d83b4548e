package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.raised;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.process.Subprocess;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests of {@code test_streams} that need sockets, and {@code test_sendfile}. */
class CPythonStreamsIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int MUCH = 300_001;

    @TempDir
    Path directory;

    private final List<Map<String, Object>> reports = new ArrayList<>();

    private void running(AsyncSupplier<Void> body) {
        run(() -> {
            Asyncio.getRunningLoop().setExceptionHandler((loop, report) -> reports.add(report));
            return Coroutine.of(await(body.get()));
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static SocketAddress address(Server server) {
        return Objects.requireNonNull(server.localAddress());
    }

    private List<SocketAddress> addresses() {
        return List.of(ANY_PORT, UnixDomainSocketAddress.of(directory.resolve("socket")));
    }

    /** A server of one page. */
    @Async
    private static Coroutine<Void> page(Connection connection) throws IOException {
        assertEquals("GET / HTTP/1.0", await(connection.readLine()));
        await(connection.readLine());
        await(connection.write(bytes("HTTP/1.0 200 OK\r\n\r\nTest message")));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> getsThePage(Connection connection) throws IOException {
        await(connection.write(bytes("GET / HTTP/1.0\r\n\r\n")));
        assertEquals("HTTP/1.0 200 OK", await(connection.readLine()));
        assertTrue(text(await(connection.readAll(1000))).endsWith("\r\n\r\nTest message".substring(2)));
        await(connection.closeGracefully());
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_open_connection",
        "test_streams.StreamTests.test_open_unix_connection",
        "test_streams.StreamTests.test_open_connection_no_loop_ssl",
        "test_streams.StreamTests.test_open_unix_connection_no_loop_ssl",
        "test_streams.StreamTests.test_wait_closed_on_close",
        "test_events.EventLoopTestsMixin.test_create_connection",
        "test_events.EventLoopTestsMixin.test_create_unix_connection",
        "test_events.EventLoopTestsMixin.test_create_ssl_connection",
        "test_events.EventLoopTestsMixin.test_create_ssl_unix_connection",
        "test_events.EventLoopTestsMixin.test_create_unix_server",
        "test_events.EventLoopTestsMixin.test_create_server_ssl",
        "test_events.EventLoopTestsMixin.test_create_unix_server_ssl"
    })
    void connections() {
        for (boolean tls : List.of(false, true)) {
            for (SocketAddress each : addresses()) {
                ServeOptions serve = tls ? ServeOptions.DEFAULT.withTls(TlsIT.SERVER) : ServeOptions.DEFAULT;
                ConnectOptions connect = tls ? ConnectOptions.DEFAULT.withTls(TlsIT.CLIENT) : ConnectOptions.DEFAULT;
                running(() -> {
                    try (Server server = await(Net.serve(each, serve, CPythonStreamsIT::page))) {
                        Connection client = await(Net.connect(address(server), connect));
                        assertEquals(address(server), client.remoteAddress());
                        assertEquals(tls, client.tlsSession() != null);
                        await(getsThePage(client));
                        assertTrue(client.isClosed());
                        assertEquals(List.of(), reports);
                    }
                    return Coroutine.done();
                });
            }
        }
    }

    @Test
    @Mirrors(
            value = {
                "test_streams.StreamTests.test_wait_closed_on_close_with_unread_data",
                "test_streams.StreamTests.test_eof_feed_when_closing_writer",
                "test_streams.StreamTests.test_async_writer_api",
                "test_streams.StreamTests.test_async_writer_api_exception_after_close"
            },
            adapted = "reads and writes after this end has closed throw ConnectionClosedException")
    void useAfterTheEnd() {
        running(() -> {
            try (Server server = await(Net.serve(ANY_PORT, CPythonStreamsIT::page))) {
                Connection client = await(Net.connect(address(server)));
                await(client.write(bytes("GET / HTTP/1.0\r\n\r\n")));
                assertEquals("HTTP/1.0 200 OK", await(client.readLine()));
                await(client.closeGracefully());
                await(raised(ConnectionClosedException.class, client.readAll(10)));
                await(raised(ConnectionClosedException.class, client.write(bytes("data"))));
                assertEquals(List.of(), reports);
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = "test_streams.StreamTests.test_drain_raises",
            adapted = "the write itself throws, as there is no drain")
    void writesFailOnceThePeerIsGone() {
        running(() -> {
            try (Server server = await(Net.serve(ANY_PORT, connection -> {
                connection.close();
                return Coroutine.done();
            }))) {
                Connection client = await(Net.connect(address(server)));
                ConnectionResetException failure = null;
                while (failure == null) {
                    try {
                        await(client.write(bytes("foo\n".repeat(10_000))));
                    } catch (ConnectionResetException reset) {
                        failure = reset;
                    }
                }
                assertNotNull(failure.getMessage());
                client.close();
            }
            return Coroutine.done();
        });
    }

    /** Answers a line with itself, and ends. */
    @Async
    private static Coroutine<Void> answer(Connection connection) throws IOException {
        await(connection.write(bytes(await(connection.readLine()) + "\n")));
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_start_server",
        "test_streams.StreamTests.test_start_unix_server",
        "test_events.EventLoopTestsMixin.test_create_server"
    })
    void servers() {
        for (SocketAddress each : addresses()) {
            running(() -> {
                Server server = await(Net.serve(each, CPythonStreamsIT::answer));
                Connection client = await(Net.connect(address(server)));
                await(client.write(bytes("hello world!\n")));
                assertEquals("hello world!", await(client.readLine()));
                assertNull(await(client.readLine()));
                client.close();
                server.close();
                await(server.waitClosed());
                assertEquals(List.of(), reports);
                return Coroutine.done();
            });
        }
    }

    @Async
    private static Coroutine<Void> answerTwice(Connection connection) throws IOException {
        assertEquals("hello world 1!", await(connection.readLine()));
        await(connection.write(bytes("hello world 1!\n")));
        await(connection.startTls(TlsIT.SERVER));
        return answer(connection);
    }

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_start_tls",
        "test_sslproto.BaseStartTLS.test_start_tls_client_reg_proto_1",
        "test_sslproto.BaseStartTLS.test_start_tls_server_1",
        "test_ssl.TestSSL.test_start_tls_client_reg_proto_1",
        "test_ssl.TestSSL.test_start_tls_server_1"
    })
    void upgrade() {
        for (SocketAddress each : addresses()) {
            running(() -> {
                Server server = await(Net.serve(each, CPythonStreamsIT::answerTwice));
                Connection client = await(Net.connect(address(server)));
                await(client.write(bytes("hello world 1!\n")));
                assertEquals("hello world 1!", await(client.readLine()));
                assertNull(client.tlsSession());
                await(client.startTls(TlsIT.CLIENT));
                assertNotNull(client.tlsSession());
                await(client.write(bytes("hello world 2!\n")));
                assertEquals("hello world 2!", await(client.readLine()));
                assertNull(await(client.readLine()));
                client.close();
                server.close();
                await(server.waitClosed());
                assertEquals(List.of(), reports);
                return Coroutine.done();
            });
        }
    }

    @Test
    @Mirrors(
            value = {
                "test_streams.StreamTests.test_read_all_from_pipe_reader",
                "test_events.EventLoopTestsMixin.test_read_pipe"
            },
            adapted = "the pipe is that of a process")
    void pipeIsReadToItsEnd() {
        running(() -> {
            Subprocess process = await(Subprocess.shell("printf 1; printf 2345"));
            assertEquals("12345", text(await(process.stdout().readAll(100))));
            assertEquals(0, await(process.exit()));
            return Coroutine.done();
        });
    }

    /** Runs a server of {@code handler} and a client that waits for its end. */
    private void serveOne(AsyncFunction<Connection, Void> handler) {
        running(() -> {
            Server server = await(Net.serve(ANY_PORT, handler));
            Connection client = await(Net.connect(address(server)));
            assertNull(await(client.readLine()));
            client.close();
            server.close();
            await(server.waitClosed());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_streams.StreamTests.test_unhandled_exception")
    void failureOfAHandlerIsReported() {
        IllegalStateException failure = new IllegalStateException("test");
        serveOne(connection -> {
            throw failure;
        });
        assertEquals(1, reports.size());
        assertSame(failure, reports.get(0).get("exception"));
        assertTrue(String.valueOf(reports.get(0).get("message")).contains("Unhandled exception"));
    }

    @Test
    @Mirrors("test_streams.StreamTests.test_unhandled_cancel")
    void cancellationOfAHandlerIsNotReported() {
        serveOne(connection -> {
            throw new CancelledError();
        });
        assertEquals(List.of(), reports);
    }

    // test_sendfile

    private static byte[] pattern(int length) {
        byte[] pattern = new byte[length];
        for (int i = 0; i < length; i++) {
            pattern[i] = (byte) (i * 31 >> 3);
        }
        return pattern;
    }

    /** Calls {@code send} with a client and a file, and returns what the server has got. */
    private byte[] received(boolean tls, byte[] content, AsyncSending send) throws IOException {
        Path path = Files.write(directory.resolve("file"), content);
        ServeOptions serve = ServeOptions.DEFAULT;
        ConnectOptions connect = ConnectOptions.DEFAULT;
        byte[][] received = new byte[1][];
        try (FileChannel file = FileChannel.open(path)) {
            running(() -> {
                Future<byte[]> got = Asyncio.getRunningLoop().createFuture();
                Server server = await(Net.serve(ANY_PORT, tls ? serve.withTls(TlsIT.SERVER) : serve, connection -> {
                    got.setResult(await(connection.readAll(10 * MUCH)));
                    return Coroutine.done();
                }));
                Connection client = await(Net.connect(address(server), tls ? connect.withTls(TlsIT.CLIENT) : connect));
                await(send.send(client, file));
                await(client.shutdownOutput());
                received[0] = await(got);
                client.close();
                server.close();
                await(server.waitClosed());
                assertEquals(0, file.position());
                return Coroutine.done();
            });
        }
        assertEquals(List.of(), reports);
        return received[0];
    }

    /** Sends a file. */
    private interface AsyncSending {
        Coroutine<Void> send(Connection client, FileChannel file) throws Exception;
    }

    @Async
    private static Coroutine<Void> between(Connection client, FileChannel file, byte[] around) throws IOException {
        await(client.write(around));
        await(client.sendFile(file, 0, file.size()));
        await(client.write(around));
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = {
                "test_sendfile.SockSendfileMixin.test_sock_sendfile_success",
                "test_sendfile.SockSendfileMixin.test_sock_sendfile_with_offset_and_count",
                "test_sendfile.SockSendfileMixin.test_sock_sendfile_zero_size",
                "test_sendfile.SockSendfileMixin.test_sock_sendfile_mix_with_regular_send",
                "test_sendfile.SendfileMixin.test_sendfile",
                "test_sendfile.SendfileMixin.test_sendfile_ssl",
                "test_sendfile.SendfileMixin.test_sendfile_pre_and_post_data",
                "test_sendfile.SendfileMixin.test_sendfile_ssl_pre_and_post_data",
                "test_sendfile.SendfileMixin.test_sendfile_partial",
                "test_sendfile.SendfileMixin.test_sendfile_ssl_partial",
                "test_sendfile.SendfileMixin.test_sendfile_force_fallback"
            },
            adapted = "the position of the channel stays")
    void filesAreSent() throws IOException {
        byte[] data = pattern(MUCH);
        byte[] around = bytes("mix_regular_send".repeat(4096));
        for (boolean tls : List.of(false, true)) {
            assertArrayEquals(data, received(tls, data, (client, file) -> client.sendFile(file, 0, MUCH)));
            assertArrayEquals(
                    Arrays.copyOfRange(data, 1000, 3000),
                    received(tls, data, (client, file) -> client.sendFile(file, 1000, 2000)));
            assertEquals(0, received(tls, new byte[0], (client, file) -> client.sendFile(file, 0, 0)).length);
            byte[] all = received(tls, data, (client, file) -> between(client, file, around));
            assertArrayEquals(around, Arrays.copyOf(all, around.length));
            assertArrayEquals(data, Arrays.copyOfRange(all, around.length, around.length + MUCH));
            assertArrayEquals(around, Arrays.copyOfRange(all, around.length + MUCH, all.length));
        }
    }

    @Async
    private static Coroutine<Void> sendTooMuch(Connection client, FileChannel file) throws IOException {
        await(raised(EOFException.class, client.sendFile(file, 5, 6)));
        await(raised(IllegalArgumentException.class, refusal(client, file)));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> refusal(Connection client, FileChannel file) throws IOException {
        return client.sendFile(file, -1, 6);
    }

    @Test
    @Mirrors({
        "test_base_events.BaseLoopSockSendfileTests.test_negative_count",
        "test_base_events.BaseLoopSockSendfileTests.test_negative_offset",
        "test_base_events.BaseLoopSockSendfileTests.test_sock_sendfile_fallback",
        "test_base_events.BaseLoopSockSendfileTests.test_sock_sendfile_fallback_offset_and_count"
    })
    void partsOutsideAFileAreRefused() throws IOException {
        for (boolean tls : List.of(false, true)) {
            assertEquals("fghij", text(received(tls, bytes("abcdefghij"), CPythonStreamsIT::sendTooMuch)));
        }
    }

    /** Sends a file to a server that reads {@code count} bytes and closes. */
    @Async
    private Coroutine<Void> sendToAReaderOf(int count, boolean tls, FileChannel file) throws IOException {
        ServeOptions serve = ServeOptions.DEFAULT.withReceiveBuffer(131_072);
        ConnectOptions connect = ConnectOptions.DEFAULT.withSendBuffer(131_072);
        Server server = await(Net.serve(ANY_PORT, tls ? serve.withTls(TlsIT.SERVER) : serve, connection -> {
            assertEquals(count, await(connection.readExactly(count)).length);
            connection.close();
            return Coroutine.done();
        }));
        try (server) {
            Connection client = await(Net.connect(address(server), tls ? connect.withTls(TlsIT.CLIENT) : connect));
            if (count < file.size()) {
                await(raised(ConnectionResetException.class, client.sendFile(file, 0, file.size())));
            } else {
                await(client.sendFile(file, 0, file.size()));
            }
            client.close();
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_sendfile.SendfileMixin.test_sendfile_close_peer_after_receiving",
        "test_sendfile.SendfileMixin.test_sendfile_ssl_close_peer_after_receiving",
        "test_sendfile.SendfileMixin.test_sendfile_close_peer_in_the_middle_of_receiving",
        "test_sendfile.SendfileMixin.test_sendfile_fallback_close_peer_in_the_middle_of_receiving"
    })
    void peerThatClosesDuringAFile() throws IOException {
        byte[] data = pattern(2_000_000);
        try (FileChannel file = FileChannel.open(Files.write(directory.resolve("file"), data))) {
            for (boolean tls : List.of(false, true)) {
                for (int count : new int[] {1024, data.length}) {
                    running(() -> sendToAReaderOf(count, tls, file));
                }
            }
        }
        assertEquals(List.of(), reports);
    }

    @Test
    @Mirrors({
        "test_sendfile.SendfileMixin.test_sendfile_for_closing_transp",
        "test_sendfile.SendfileMixin.test_sendfile_prevents_bare_write"
    })
    void nobodyElseWritesDuringAFile() throws IOException {
        byte[] data = pattern(10_000_000);
        try (FileChannel file = FileChannel.open(Files.write(directory.resolve("file"), data))) {
            running(() -> {
                Server server = await(Net.serve(ANY_PORT, connection -> {
                    await(sleep(3600));
                    return Coroutine.done();
                }));
                Connection client = await(Net.connect(address(server)));
                Task<Void> sending = createTask(client.sendFile(file, 0, data.length));
                await(sleep(0));
                await(sleep(0));
                await(raised(IllegalStateException.class, client.write(bytes("data"))));
                client.close();
                await(raised(ConnectionClosedException.class, sending));
                await(raised(ConnectionClosedException.class, client.sendFile(file, 0, data.length)));
                server.close();
                return Coroutine.done();
            });
        }
        assertEquals(List.of(), reports);
    }
}
