package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.raised;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import dev.heddle.cpython.Mirrors;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code test_ssl}, {@code test_sslproto}, and the tests of TLS in {@code test_events}. */
class CPythonTlsIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int CLIENTS = 25;
    private static final int CHUNK = 128 * 1024;
    private static final int CHUNKS = 4;
    private static final byte[] DATA = "A".repeat(8 * 1024).getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static SocketAddress address(Server server) {
        return Objects.requireNonNull(server.localAddress());
    }

    /** Makes the handshake of both ends of {@code pair}. */
    @Async
    private static Coroutine<Void> shake(MemoryPair pair) throws IOException {
        Task<Void> other = createTask(pair.second().startTls(TlsIT.SERVER));
        await(pair.first().startTls(TlsIT.CLIENT));
        await(other);
        return Coroutine.done();
    }

    // Whole conversations

    @Async
    private static Coroutine<Void> answerTwice(Connection connection) throws IOException {
        assertArrayEquals(DATA, await(connection.readExactly(DATA.length)));
        await(connection.write(bytes("OK")));
        assertArrayEquals(DATA, await(connection.readExactly(DATA.length)));
        await(connection.write(bytes("SPAM")));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> ask(SocketAddress address) throws IOException {
        Connection client = await(Net.connect(address, ConnectOptions.DEFAULT.withTls(TlsIT.CLIENT)));
        await(client.write(DATA));
        assertEquals("OK", text(await(client.readExactly(2))));
        await(client.write(DATA));
        assertEquals("SPAM", text(await(client.readExactly(4))));
        assertEquals(0, await(client.readAll(10)).length);
        await(client.closeGracefully());
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_ssl.TestSSL.test_create_server_ssl_1",
        "test_ssl.TestSSL.test_create_connection_ssl_1",
        "test_ssl.TestSSL.test_shutdown_cleanly"
    })
    void manyClientsAtOnce() throws IOException {
        run(() -> {
            ServeOptions options = ServeOptions.DEFAULT.withTls(TlsIT.SERVER);
            Server server = await(Net.serve(ANY_PORT, options, CPythonTlsIT::answerTwice));
            List<Coroutine<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(ask(address(server)));
            }
            await(gather(clients));
            server.close();
            await(server.waitClosed());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> writeChunks(Connection connection) throws IOException {
        for (int i = 0; i < CHUNKS; i++) {
            await(connection.write(new byte[CHUNK]));
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_ssl.TestSSL.test_flush_before_shutdown")
    void closingSendsEverythingFirst() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            await(shake(pair));
            Task<Void> writing = createTask(writeChunks(pair.first()));
            await(sleep(1));
            assertTrue(!writing.isDone());
            Task<byte[]> reading = createTask(pair.second().readAll(CHUNK * CHUNKS));
            await(writing);
            await(pair.first().closeGracefully());
            assertEquals(CHUNK * CHUNKS, await(reading).length);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = "test_ssl.TestSSL.test_remote_shutdown_receives_trailing_data",
            adapted = "with TLS 1.3, where a direction ends by itself")
    void outputGoesOnAfterTheEndOfTheInput() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            await(shake(pair));
            Task<Void> writing = createTask(writeChunks(pair.first()));
            await(sleep(1));
            await(pair.second().shutdownOutput());
            assertEquals(0, await(pair.first().readAll(10)).length);
            Task<byte[]> reading = createTask(pair.second().readAll(CHUNK * CHUNKS));
            await(writing);
            await(pair.first().shutdownOutput());
            assertEquals(CHUNK * CHUNKS, await(reading).length);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_ssl.TestSSL.test_create_server_ssl_over_ssl",
        "test_sslproto.SslProtoHandshakeTests.test_close_during_ssl_over_ssl"
    })
    void tlsOverTls() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            await(shake(pair));
            await(shake(pair));
            Task<Void> asking = createTask(pair.first().write(bytes("question\n")));
            assertEquals("question", await(pair.second().readLine()));
            await(asking);
            await(pair.second().write(bytes("answer\n")));
            assertEquals("answer", await(pair.first().readLine()));
            Task<Void> closing = createTask(pair.first().closeGracefully());
            assertEquals(0, await(pair.second().readAll(10)).length);
            await(pair.second().closeGracefully());
            await(closing);
            return Coroutine.done();
        });
    }

    // Handshakes that fail

    @Test
    @Mirrors({
        "test_ssl.TestSSL.test_create_connection_ssl_slow_handshake",
        "test_ssl.TestSSL.test_ssl_handshake_timeout",
        "test_sslproto.BaseStartTLS.test_create_connection_ssl_slow_handshake",
        "test_sslproto.BaseStartTLS.test_handshake_timeout"
    })
    void handshakeTimesOut() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            TlsOptions options = TlsIT.CLIENT.withHandshakeTimeout(Duration.ofSeconds(10));
            TlsHandshakeException failure =
                    await(raised(TlsHandshakeException.class, pair.first().startTls(options)));
            assertTrue(failure.getMessage().contains("PT10S"), failure.getMessage());
            assertEquals(10, Asyncio.getRunningLoop().time(), 0.01);
            assertTrue(pair.first().isClosed());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_ssl.TestSSL.test_start_tls_slow_client_cancel",
        "test_sslproto.BaseStartTLS.test_start_tls_slow_client_cancel",
        "test_sslproto.SslProtoHandshakeTests.test_close_during_handshake"
    })
    void handshakeIsCancelled() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            Task<Void> shaking = createTask(pair.first().startTls(TlsIT.CLIENT));
            await(sleep(1));
            shaking.cancel();
            await(raised(CancelledError.class, shaking));
            assertTrue(pair.first().isClosed());
            return Coroutine.done();
        });
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            Task<Void> shaking = createTask(pair.first().startTls(TlsIT.CLIENT));
            await(sleep(1));
            pair.first().close();
            await(raised(IOException.class, shaking));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_ssl.TestSSL.test_ssl_handshake_connection_lost",
        "test_sslproto.SslProtoHandshakeTests.test_eof_received_waiter",
        "test_sslproto.SslProtoHandshakeTests.test_connection_lost"
    })
    void handshakeIsCutOff() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            Task<Void> shaking = createTask(pair.first().startTls(TlsIT.CLIENT));
            await(sleep(1));
            pair.second().close();
            TlsHandshakeException failure = await(raised(TlsHandshakeException.class, shaking));
            assertNotNull(failure.getMessage());
            return Coroutine.done();
        });
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            Task<Void> shaking = createTask(pair.first().startTls(TlsIT.CLIENT));
            await(sleep(1));
            pair.reset();
            await(raised(TlsHandshakeException.class, shaking));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_sslproto.SslProtoHandshakeTests.test_handshake_timeout_zero",
        "test_sslproto.SslProtoHandshakeTests.test_handshake_timeout_negative"
    })
    void timeOutsArePositive() {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-10))) {
            assertThrows(IllegalArgumentException.class, () -> TlsIT.CLIENT.withHandshakeTimeout(bad));
            assertThrows(IllegalArgumentException.class, () -> TlsIT.CLIENT.withShutdownTimeout(bad));
        }
    }

    private List<SocketAddress> addresses() {
        return List.of(ANY_PORT, UnixDomainSocketAddress.of(directory.resolve("socket")));
    }

    /** Connects to a server with the key {@code alias}. */
    private void connect(String alias, TlsOptions client, boolean fails) throws IOException {
        List<Map<String, Object>> reports = new ArrayList<>();
        TlsOptions keys = TlsOptions.server(TlsKeys.INSTANCE.context(true, alias));
        for (SocketAddress each : addresses()) {
            run(() -> {
                Asyncio.getRunningLoop().setExceptionHandler((loop, report) -> reports.add(report));
                ServeOptions options = ServeOptions.DEFAULT.withTls(keys);
                Server server = await(Net.serve(each, options, connection -> connection.write(bytes("accepted\n"))));
                Coroutine<Connection> connecting = Net.connect(address(server), ConnectOptions.DEFAULT.withTls(client));
                if (fails) {
                    TlsHandshakeException failure = await(raised(TlsHandshakeException.class, connecting));
                    assertNotNull(failure.getMessage());
                } else {
                    Connection connection = await(connecting);
                    assertEquals("accepted", await(connection.readLine()));
                    connection.close();
                }
                server.close();
                await(server.waitClosed());
                return Coroutine.done();
            });
        }
        assertEquals(List.of(), reports);
    }

    @Test
    @Mirrors({
        "test_ssl.TestSSL.test_create_connection_ssl_failed_certificate",
        "test_sslproto.BaseStartTLS.test_create_connection_ssl_failed_certificate",
        "test_sslproto.SslProtoHandshakeTests.test_fatal_error_no_name_error",
        "test_events.EventLoopTestsMixin.test_create_server_ssl_verify_failed",
        "test_events.EventLoopTestsMixin.test_create_unix_server_ssl_verify_failed",
        "test_events.EventLoopTestsMixin.test_create_server_ssl_match_failed",
        "test_events.EventLoopTestsMixin.test_create_server_ssl_verified",
        "test_events.EventLoopTestsMixin.test_create_unix_server_ssl_verified"
    })
    void certificatesAreVerified() throws IOException {
        connect("server", TlsIT.CLIENT, false);
        connect("server", TlsOptions.client(TlsKeys.INSTANCE.context(false)).withServerName("localhost"), true);
        connect("other", TlsIT.CLIENT, true);
        connect("other", TlsIT.CLIENT.withServerName("other.example"), false);
    }

    @Test
    @Mirrors({
        "test_ssl.TestSSL.test_start_tls_client_corrupted_ssl",
        "test_sslproto.BaseStartTLS.test_start_tls_client_corrupted_ssl"
    })
    void rubbishAmongTheRecords() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            Transport below = pair.second().transport;
            await(shake(pair));
            below.write(ByteBuffer.wrap(bytes("please no more encryption, thank you")));
            IOException failure = await(raised(IOException.class, pair.first().readLine()));
            assertNotNull(failure.getMessage());
            await(raised(IOException.class, pair.first().write(bytes("x"))));
            pair.first().close();
            pair.second().close();
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_ssl_server_hostname_default",
        "test_base_events.BaseEventLoopWithSelectorTests.test_create_connection_ssl_server_hostname_errors"
    })
    void nameOfTheServer() throws IOException {
        TlsOptions client = TlsOptions.client(TlsKeys.INSTANCE.context(true));
        run(() -> {
            ServeOptions options = ServeOptions.DEFAULT.withTls(TlsIT.SERVER);
            Server server = await(Net.serve(ANY_PORT, options, connection -> connection.write(bytes("accepted\n"))));
            int port = ((InetSocketAddress) address(server)).getPort();
            Connection connection = await(Net.connect("localhost", port, ConnectOptions.DEFAULT.withTls(client)));
            assertEquals("accepted", await(connection.readLine()));
            connection.close();
            ConnectOptions other = ConnectOptions.DEFAULT.withTls(client.withServerName("other.example"));
            await(raised(TlsHandshakeException.class, Net.connect("localhost", port, other)));
            server.close();
            IllegalArgumentException unnamed = await(raised(
                    IllegalArgumentException.class, MemoryPair.create().first().startTls(client)));
            assertTrue(unnamed.getMessage().contains("withServerName"), unnamed.getMessage());
            return Coroutine.done();
        });
    }

    // Closed connections

    @Test
    @Mirrors(
            value = {
                "test_sslproto.SslProtoHandshakeTests.test_get_extra_info_on_closed_connection",
                "test_sslproto.SslProtoHandshakeTests.test_write_after_closing",
                "test_sslproto.SslProtoHandshakeTests.test_data_received_after_closing"
            },
            adapted = "operations on a closed connection throw, and its session stays")
    void closedConnection() throws Exception {
        Loops.run(() -> {
            MemoryPair pair = MemoryPair.create();
            await(shake(pair));
            pair.first().close();
            await(raised(ConnectionClosedException.class, pair.first().write(bytes("x"))));
            await(raised(ConnectionClosedException.class, pair.first().readLine()));
            assertEquals(
                    "TLSv1.3", Objects.requireNonNull(pair.first().tlsSession()).getProtocol());
            assertEquals(0, await(pair.second().readAll(10)).length);
            pair.second().close();
            return Coroutine.done();
        });
    }
}
