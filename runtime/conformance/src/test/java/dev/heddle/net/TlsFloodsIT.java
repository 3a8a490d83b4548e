package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers over real sockets that flood a server, are slow, or are silent: others are served meanwhile, and nothing is left of the peers. */
@Timeout(300)
class TlsFloodsIT {

    private static final TlsKeys KEYS = TlsKeys.INSTANCE;

    /** Has no limit that a test could reach. */
    private static final TlsOptions PATIENT = TlsIT.SERVER.withHandshakeTimeout(Duration.ofHours(1));

    /** Has limits that are reached soon. */
    private static final TlsOptions IMPATIENT = TlsIT.SERVER.withHandshakeTimeout(Duration.ofMillis(300));

    private static void assertNotBeforeTheLimit(long begun) {
        long taken = System.nanoTime() - begun;
        assertTrue(taken >= Duration.ofMillis(300).toNanos(), () -> "it took only " + taken + " ns");
    }

    /** So many peers do the same at once. */
    private static final int PEERS = 20;

    /** What a peer does, on a thread of its own. */
    private interface Attack {
        void run(int port) throws Exception;
    }

    private final List<Throwable> reports = new ArrayList<>();

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        for (String line = await(connection.readLine()); line != null; line = await(connection.readLine())) {
            await(connection.write(TlsIT.bytes(line + "\n")));
        }
        return Coroutine.done();
    }

    private static int port(Server server) {
        SocketAddress address = Objects.requireNonNull(server.localAddress());
        return ((InetSocketAddress) address).getPort();
    }

    @Async
    private static Coroutine<Void> visit(Server server) throws IOException {
        ConnectOptions options = ConnectOptions.DEFAULT.withTls(TlsIT.CLIENT);
        try (Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress()), options))) {
            await(client.write(TlsIT.bytes("hello\n")));
            assertEquals("hello", await(client.readLine()));
            await(client.closeGracefully());
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> inThread(Attack attack, int port) {
        await(Asyncio.toThread(() -> {
            attack.run(port);
            return null;
        }));
        return Coroutine.done();
    }

    /** Lets a server of {@code options} be attacked. Another one on the same loop, whose limits are others, serves clients until that is over. */
    private void attack(TlsOptions options, AsyncFunction<Connection, Void> handler, Attack attack) {
        run(() -> {
            Asyncio.getRunningLoop()
                    .setExceptionHandler((loop, report) -> reports.add((Throwable) report.get("exception")));
            Server attacked = await(Net.serve(RawPeer.ANY_PORT, ServeOptions.DEFAULT.withTls(options), handler));
            Server other = await(Net.serve(RawPeer.ANY_PORT, ServeOptions.DEFAULT.withTls(PATIENT), TlsFloodsIT::echo));
            int port = port(attacked);
            Task<Void> attacking = createTask(inThread(attack, port));
            do {
                await(visit(other));
            } while (!attacking.isDone());
            await(attacking);
            for (Server each : List.of(attacked, other)) {
                each.close();
                await(each.waitClosed());
            }
            return Coroutine.done();
        });
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Makes a handshake over {@code socket}. */
    /** Keeps the sockets alive. One that is collected closes itself and, as it does not own the socket below, reads from that until its end. */
    private static final List<SSLSocket> SHAKEN = Collections.synchronizedList(new ArrayList<>());

    private static SSLSocket shaken(Socket socket, String version) throws IOException {
        SSLSocket tls = (SSLSocket)
                KEYS.context(true).getSocketFactory().createSocket(socket, "localhost", socket.getPort(), false);
        tls.setEnabledProtocols(new String[] {version});
        tls.startHandshake();
        SHAKEN.add(tls);
        return tls;
    }

    // Floods of bytes

    /** Sends the part again and again until the other side has closed the connection. */
    private static void flood(Socket socket, byte[] part) {
        byte[] parts = new byte[Math.max(1, 4096 / part.length) * part.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part[i % part.length];
        }
        try {
            while (true) {
                socket.getOutputStream().write(parts);
            }
        } catch (IOException closed) {
            // The server has enough of it.
        }
    }

    private static Stream<Arguments> floods() {
        return TlsLimitsIT.floods()
                .filter(each -> each.get()[2] == TlsIT.SERVER)
                .map(each -> Arguments.of(each.get()[0], each.get()[1]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aFloodInsteadOfAHandshakeEnds(String name, byte[] part) {
        attack(PATIENT, TlsFloodsIT::echo, port -> {
            try (Socket socket = connect(port)) {
                flood(socket, part);
            }
        });
        assertEquals(List.of(), reports, name);
    }

    private static Stream<Arguments> laterFloods() {
        return floods().flatMap(each ->
                Stream.of("TLSv1.2", "TLSv1.3").map(version -> Arguments.of(each.get()[0], each.get()[1], version)));
    }

    /** What follows the handshake is not encrypted. */
    @Tag("slow")
    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("laterFloods")
    void aFloodAfterTheHandshakeEnds(String name, byte[] part, String version) {
        attack(PATIENT, TlsFloodsIT::echo, port -> {
            try (Socket socket = connect(port)) {
                shaken(socket, version);
                flood(socket, part);
            }
        });
        assertEquals(1, reports.size(), name);
        assertInstanceOf(SSLException.class, reports.get(0), name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aServerThatFloodsEndsTheHandshakeOfTheClient(String name, byte[] part) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    flood(socket, part);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            thread.start();
            TlsOptions patient = TlsIT.CLIENT.withHandshakeTimeout(Duration.ofHours(1));
            run(() -> {
                try {
                    await(Net.connect(listener.getLocalSocketAddress(), ConnectOptions.DEFAULT.withTls(patient)));
                    throw new AssertionError("connected");
                } catch (TlsHandshakeException expected) {
                    return Coroutine.done();
                }
            });
            thread.join();
        }
    }

    // Floods of valid records

    private static void write(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(TlsIT.bytes(text));
    }

    /** A peer renews the keys again and again, and does not read the answers before other clients have been served. */
    @Test
    void manyNewKeysLeaveTheConnectionWhole() {
        int updates = 1_500;
        attack(PATIENT, TlsFloodsIT::echo, port -> {
            try (Socket socket = connect(port)) {
                SSLSocket tls = shaken(socket, "TLSv1.3");
                Thread writer = new Thread(() -> {
                    try {
                        for (int i = 0; i < updates; i++) {
                            tls.startHandshake();
                        }
                        write(tls, "still here\n");
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                });
                writer.start();
                try (SSLSocket another = shaken(connect(port), "TLSv1.3")) {
                    write(another, "line\n");
                    assertEquals("line\n", new String(another.getInputStream().readNBytes(5)));
                }
                assertEquals("still here\n", new String(tls.getInputStream().readNBytes(11)));
                writer.join();
                tls.close();
            }
        });
        assertEquals(List.of(), reports);
    }

    /** Before TLS 1.3 a client may ask for a whole new handshake, which is refused. */
    @Test
    void clientsThatWantNewHandshakesAreRefused() {
        attack(PATIENT, TlsFloodsIT::echo, port -> {
            for (int i = 0; i < 4; i++) {
                try (Socket socket = connect(port)) {
                    SSLSocket tls = shaken(socket, "TLSv1.2");
                    write(tls, "before\n");
                    assertEquals("before\n", new String(tls.getInputStream().readNBytes(7)));
                    try {
                        tls.startHandshake();
                        assertEquals(-1, tls.getInputStream().read());
                    } catch (IOException refused) {
                        // With an alert, or by the end of the connection.
                    }
                }
            }
        });
        assertEquals(4, reports.size());
        for (Throwable each : reports) {
            assertTrue(String.valueOf(each.getMessage()).contains("which servers refuse"), each.getMessage());
        }
    }

    // Silent and slow peers

    private static List<Socket> connectAll(int port) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            sockets.add(connect(port));
        }
        return sockets;
    }

    /** Reads until the server has closed the connection. */
    private static void readToEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            // An end, too.
        }
    }

    @Test
    void silentPeersAreClosedAfterTheTimeLimit() {
        attack(IMPATIENT, TlsFloodsIT::echo, port -> {
            long begun = System.nanoTime();
            for (Socket each : connectAll(port)) {
                readToEnd(each);
                assertNotBeforeTheLimit(begun);
                each.close();
            }
        });
        assertEquals(List.of(), reports);
    }

    /** Whether the server has ended the connection. If not, waits a little. */
    private static boolean hasEnded(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            socket.setSoTimeout(2);
            while (in.read() >= 0) {
                // An alert or a closing message.
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    /** The peers send single bytes until they are cut off, which is long before they have sent a whole record. */
    @Test
    void slowHandshakesEndAtTheTimeLimit() {
        byte[] hello = TlsLimitsIT.record(22, 0x4000);
        attack(IMPATIENT, TlsFloodsIT::echo, port -> {
            long begun = System.nanoTime();
            List<Socket> open = connectAll(port);
            for (int i = 0; !open.isEmpty(); i++) {
                for (Socket each : List.copyOf(open)) {
                    if (trickleEnds(each, hello[i])) {
                        assertNotBeforeTheLimit(begun);
                        open.remove(each);
                        each.close();
                    }
                }
            }
        });
        assertEquals(List.of(), reports);
    }

    private static boolean trickleEnds(Socket socket, byte one) {
        try {
            socket.getOutputStream().write(one);
        } catch (IOException ended) {
            return true;
        }
        return hasEnded(socket);
    }

    /** Reads a line within a limit, as a server does that is not to wait for its clients for ever. */
    @Async
    private static Coroutine<Void> readInTime(Connection connection) throws Exception {
        try {
            @Nullable String line = await(Asyncio.timeout(Duration.ofMillis(300), time -> connection.readLine()));
            throw new AssertionError("a line: " + line);
        } catch (TimeoutException slow) {
            connection.abort();
        }
        return Coroutine.done();
    }

    /** Each byte of a line comes in a record of its own, and the line does not end. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void slowLinesEndAtTheTimeLimitOfTheHandler(String version) {
        attack(PATIENT, TlsFloodsIT::readInTime, port -> {
            try (Socket socket = connect(port)) {
                SSLSocket tls = shaken(socket, version);
                OutputStream out = tls.getOutputStream();
                boolean ended = false;
                for (int i = 0; !ended; i++) {
                    try {
                        out.write('x');
                        ended = hasEnded(socket);
                    } catch (IOException closed) {
                        ended = true;
                    }
                    assertTrue(i < 60_000, "it is not cut off");
                }
            }
        });
        assertEquals(List.of(), reports);
    }

    /** Writes without end, but not to a client that does not read. */
    @Async
    private static Coroutine<Void> writeInTime(Connection connection) throws Exception {
        try {
            while (true) {
                await(Asyncio.timeout(Duration.ofMillis(300), time -> connection.write(new byte[100_000])));
            }
        } catch (TimeoutException slow) {
            connection.abort();
        }
        return Coroutine.done();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aPeerThatDoesNotReadIsCutOffByItsHandler(String version) {
        CountDownLatch over = new CountDownLatch(1);
        AsyncFunction<Connection, Void> handler = connection -> {
            await(writeInTime(connection));
            over.countDown();
            return Coroutine.done();
        };
        attack(PATIENT, handler, port -> {
            try (Socket socket = connect(port)) {
                shaken(socket, version);
                over.await();
            }
        });
        assertEquals(List.of(), reports);
    }
}
