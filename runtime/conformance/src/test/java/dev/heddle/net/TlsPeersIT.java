package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS over real sockets, with the JDK's blocking sockets and curl at the other end, and the failures of handshakes. */
class TlsPeersIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final TlsKeys KEYS = TlsKeys.INSTANCE;
    private static final TlsOptions SERVER = TlsOptions.server(KEYS.context(true, "server"));
    private static final TlsOptions CLIENT = TlsOptions.client(KEYS.context(true));

    /** Talks to a server at a port, on a thread where it may block. */
    private interface Blocking<T> {
        T talk(int port) throws Exception;
    }

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(20_000);
        while (await(connection.read(buffer.clear())) >= 0) {
            await(connection.write(buffer.flip()));
        }
        return Coroutine.done();
    }

    @Async
    private static <T> Coroutine<T> withServer(TlsOptions options, Blocking<T> client) throws IOException {
        Server server = await(Net.serve(ANY_PORT, ServeOptions.DEFAULT.withTls(options), TlsPeersIT::echo));
        try (server) {
            int port = ((InetSocketAddress) Objects.requireNonNull(server.localAddress())).getPort();
            return Coroutine.of(await(Asyncio.toThread(() -> client.talk(port))));
        }
    }

    private static byte[] talk(Socket socket, byte[] all) throws Exception {
        Thread writer = new Thread(() -> {
            try {
                socket.getOutputStream().write(all);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        writer.start();
        byte[] back = socket.getInputStream().readNBytes(all.length);
        writer.join();
        return back;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void blockingClientsOfTheJdkAreServed(String version) throws IOException {
        byte[] all = TlsIT.pattern(1_000_000);
        byte[] back = run(withServer(SERVER.withProtocols(version), port -> {
            try (Socket socket = KEYS.context(true).getSocketFactory().createSocket("localhost", port)) {
                return talk(socket, all);
            }
        }));
        assertArrayEquals(all, back);
    }

    /** A session that is resumed has the values of the first one. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsAreResumed(String version) throws IOException {
        TlsOptions client = TlsOptions.client(KEYS.context(true));
        Object value = run(withServer(SERVER.withProtocols(version), port -> {
            run(session(port, client)).putValue("mark", "of the first");
            return run(session(port, client)).getValue("mark");
        }));
        assertEquals("of the first", value);
    }

    @Async
    private static Coroutine<SSLSession> session(int port, TlsOptions options) throws IOException {
        Connection connection = await(Net.connect("localhost", port, ConnectOptions.DEFAULT.withTls(options)));
        try (connection) {
            await(connection.write(new byte[] {1}));
            await(connection.readExactly(1)); // a ticket comes before it
            return Coroutine.of(Objects.requireNonNull(connection.tlsSession()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void blockingServersOfTheJdkAreTalkedTo(String version) throws Exception {
        try (SSLServerSocket server = (SSLServerSocket) KEYS.context(true, "server")
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            server.setEnabledProtocols(new String[] {version});
            Thread thread = new Thread(() -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    byte[] buffer = new byte[5000];
                    int count = socket.getInputStream().read(buffer);
                    if (version.equals("TLSv1.2")) {
                        socket.startHandshake(); // a whole new one
                    }
                    while (count >= 0) {
                        socket.getOutputStream().write(buffer, 0, count);
                        count = socket.getInputStream().read(buffer);
                    }
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            thread.start();
            byte[] all = TlsIT.pattern(500_000);
            assertArrayEquals(all, run(exchange(server.getLocalPort(), all)));
            thread.join();
        }
    }

    @Async
    private static Coroutine<byte[]> exchange(int port, byte[] all) throws IOException {
        Connection connection = await(Net.connect("localhost", port, ConnectOptions.DEFAULT.withTls(CLIENT)));
        try (connection) {
            var writing = Asyncio.createTask(connection.write(all));
            byte[] back = await(connection.readExactly(all.length));
            await(writing);
            await(connection.closeGracefully());
            return Coroutine.of(back);
        }
    }

    // Failures

    @Async
    private static Coroutine<Throwable> failure(TlsOptions server, TlsOptions client) throws IOException {
        Server serving = await(Net.serve(ANY_PORT, ServeOptions.DEFAULT.withTls(server), TlsPeersIT::echo));
        try (serving) {
            int port = ((InetSocketAddress) Objects.requireNonNull(serving.localAddress())).getPort();
            Throwable failure = await(failure(port, client));
            return Coroutine.of(failure);
        }
    }

    @Async
    private static Coroutine<Throwable> failure(int port, TlsOptions client) {
        try {
            await(session(port, client));
            throw new AssertionError("connected");
        } catch (Exception failure) {
            return Coroutine.of(failure);
        }
    }

    private static void assertFails(Class<?> kind, String text, Throwable failure) {
        assertInstanceOf(kind, failure, () -> Arrays.toString(failure.getStackTrace()));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(text) && message.contains("127.0.0.1"), message);
    }

    @Test
    void anUnknownCertificateIsRefused() throws IOException {
        assertFails(
                TlsHandshakeException.UntrustedCertificate.class,
                "is not trusted",
                run(failure(TlsOptions.server(KEYS.context(true, "stranger")), CLIENT)));
    }

    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        assertFails(
                TlsHandshakeException.ExpiredCertificate.class,
                "has expired",
                run(failure(TlsOptions.server(KEYS.context(true, "expired")), CLIENT)));
    }

    @Test
    void theCertificateOfAnotherHostIsRefusedUnlessTheNameIsNotVerified() throws IOException {
        TlsOptions other = TlsOptions.server(KEYS.context(true, "other"));
        assertFails(
                TlsHandshakeException.CertificateOfOtherHost.class,
                "is not for localhost",
                run(failure(other, CLIENT)));
        assertNotNull(run(connected(other, CLIENT.withVerifyHostName(false))));
        assertNotNull(run(connected(other, CLIENT.withServerName("other.example"))));
    }

    @Async
    private static Coroutine<SSLSession> connected(TlsOptions server, TlsOptions client) throws IOException {
        Server serving = await(Net.serve(ANY_PORT, ServeOptions.DEFAULT.withTls(server), TlsPeersIT::echo));
        try (serving) {
            int port = ((InetSocketAddress) Objects.requireNonNull(serving.localAddress())).getPort();
            return Coroutine.of(await(session(port, client)));
        }
    }

    /** Before TLS 1.3 a server may say that the certificate is missing with the alert of every failed handshake (RFC 5246, 7.4.6). */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerMayDemandACertificateOfTheClient(String version) throws IOException {
        TlsOptions server = SERVER.withNeedClientCertificate(true).withProtocols(version);
        assertFails(
                version.equals("TLSv1.3")
                        ? TlsHandshakeException.ClientCertificateMissing.class
                        : TlsHandshakeException.class,
                "certificate of the client",
                run(failure(server, CLIENT)));
        assertNotNull(run(connected(server, TlsOptions.client(KEYS.context(true, "client")))));
    }

    @Test
    void theServerChoosesTheCertificateByName() throws Exception {
        TlsOptions both = TlsOptions.server(KEYS.context(true, "server", "other"));
        for (String name : List.of("localhost", "other.example")) {
            SSLSession session = run(connected(both, CLIENT.withServerName(name)));
            assertTrue(session.getPeerPrincipal().getName().contains("CN=" + name), name);
        }
    }

    @Test
    void versionsMustBeInCommon() throws IOException {
        assertInstanceOf(
                SSLException.class, run(failure(SERVER.withProtocols("TLSv1.2"), CLIENT.withProtocols("TLSv1.3"))));
    }

    @Test
    void aPeerWithoutTlsIsNamed() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getOutputStream()
                            .write("220 hello, I am a mail server\r\n".getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().readAllBytes();
                } catch (IOException gone) {
                    // The client has got its failure.
                }
            });
            thread.start();
            assertFails(
                    TlsHandshakeException.NotTls.class,
                    "does not speak TLS",
                    run(failure(plain.getLocalPort(), CLIENT)));
            thread.join();
        }
    }

    @Test
    void aClientWithoutTlsDoesNotDisturbTheServer() throws IOException {
        byte[] all = TlsIT.pattern(1000);
        byte[] back = run(withServer(SERVER, port -> {
            try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
                    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
                plain.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                plain.getInputStream().readAllBytes(); // an alert, and the end
                try (Socket socket = KEYS.context(true).getSocketFactory().createSocket("localhost", port)) {
                    return talk(socket, all);
                }
            }
        }));
        assertArrayEquals(all, back);
    }

    // Programs

    private static String output(byte[] input, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Async
    private static Coroutine<Void> page(Connection connection) throws IOException {
        String line = await(connection.readLine());
        while (line != null && !line.isEmpty()) {
            line = await(connection.readLine());
        }
        await(connection.write(TlsIT.bytes("HTTP/1.0 200 OK\r\n\r\na page over TLS")));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> fetchPage() throws IOException {
        Server server = await(Net.serve(ANY_PORT, ServeOptions.DEFAULT.withTls(SERVER), TlsPeersIT::page));
        try (server) {
            int port = ((InetSocketAddress) Objects.requireNonNull(server.localAddress())).getPort();
            String authority = KEYS.pem("authority", false).toString();
            return Coroutine.of(await(Asyncio.toThread(() -> output(
                    new byte[0],
                    "curl",
                    "-sS",
                    "--noproxy",
                    "*",
                    "--cacert",
                    authority,
                    "--resolve",
                    "localhost:" + port + ":127.0.0.1",
                    "https://localhost:" + port + "/"))));
        }
    }

    @Test
    void curlIsServed() throws IOException {
        Installed.assume("curl");
        assertEquals("a page over TLS", run(fetchPage()));
    }
}
