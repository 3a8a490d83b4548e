package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.net.RawPeer.Side;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that reset their connection, at every step of its life. */
@Timeout(60)
class ResetsIT {

    private static final byte[] MUCH = new byte[4_000_000];

    /** Which side has ended its output before. */
    enum Half {
        NEITHER,
        PEER,
        OURS
    }

    /** When the reset comes. */
    enum Moment {
        BEFORE,
        WAITING,
        AFTER_SOME_BYTES
    }

    /** An operation that waits until the peer does something. */
    private record Operation<T>(String name, AsyncFunction<Connection, T> body) {}

    private static <T> Operation<T> operation(String name, AsyncFunction<Connection, T> body) {
        return new Operation<>(name, body);
    }

    @TempDir
    Path directory;

    private final List<Map<String, Object>> reports = new ArrayList<>();
    private int cases;

    private void collectReports() {
        Asyncio.getRunningLoop().setExceptionHandler((loop, report) -> reports.add(report));
    }

    @Async
    private static Coroutine<Void> readOn(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        while (await(connection.read(buffer.clear())) >= 0) {
            // Go on.
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> writeOn(Connection connection) throws IOException {
        while (true) {
            await(connection.write(new byte[100]));
            await(sleep(0));
        }
    }

    @Async
    private Coroutine<Void> sendFile(Connection connection) throws IOException {
        Path file = directory.resolve("much");
        if (!Files.exists(file)) {
            Files.write(file, MUCH);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            await(connection.sendFile(channel, 0, MUCH.length));
        }
        return Coroutine.done();
    }

    private List<Operation<?>> reads() {
        return List.of(
                operation("read", ResetsIT::readOn),
                operation("readExactly", connection -> connection.readExactly(100)),
                operation("readUntil", connection -> connection.readUntil(new byte[] {';', ';'})),
                operation("readLine", Connection::readLine),
                operation("readAll", connection -> connection.readAll(100)));
    }

    private List<Operation<?>> writes() {
        return List.of(
                operation("write much", connection -> connection.write(MUCH)),
                operation("write on and on", ResetsIT::writeOn),
                operation("sendFile", this::sendFile));
    }

    private static List<Operation<?>> endings() {
        return List.of(
                operation("shutdownOutput", Connection::shutdownOutput),
                operation("closeGracefully", Connection::closeGracefully));
    }

    @Async
    private static Coroutine<@Nullable Throwable> failure(Task<?> task) {
        try {
            await(task);
        } catch (Throwable failure) {
            return Coroutine.of(failure);
        }
        return Coroutine.of(null);
    }

    /** Lets {@code operation} meet a reset, and returns its failure, or null. */
    @Async
    private Coroutine<@Nullable Throwable> meet(Side side, Half half, Moment moment, Operation<?> operation)
            throws Exception {
        cases++;
        try (RawPeer peer = await(RawPeer.join(side))) {
            Connection connection = peer.connection;
            if (half == Half.PEER) {
                peer.socket.shutdownOutput();
            } else if (half == Half.OURS) {
                await(connection.shutdownOutput());
            }
            if (moment == Moment.AFTER_SOME_BYTES && half != Half.PEER) {
                peer.send((byte) 'a', (byte) 'b');
            }
            if (moment == Moment.BEFORE) {
                peer.reset();
            }
            Task<?> running = createTask(operation.body().apply(connection));
            if (moment != Moment.BEFORE) {
                await(sleep(0));
                await(sleep(0));
                peer.reset();
            }
            Throwable failure = await(failure(running));
            connection.close();
            Throwable after = await(failure(createTask(connection.readExactly(1))));
            assertInstanceOf(ConnectionClosedException.class, after);
            return Coroutine.of(failure);
        }
    }

    private interface Check {
        void accept(String name, @Nullable Throwable failure);
    }

    private void sweep(List<Half> halves, List<Operation<?>> operations, Check check) {
        run(() -> {
            collectReports();
            for (Side side : Side.values()) {
                for (Half half : halves) {
                    for (Moment moment : Moment.values()) {
                        for (Operation<?> operation : operations) {
                            Throwable failure = await(meet(side, half, moment, operation));
                            check.accept(
                                    side + " " + half + " " + moment + " " + operation.name() + ": " + failure,
                                    failure);
                        }
                    }
                }
            }
            return Coroutine.done();
        });
        assertEquals(List.of(), reports);
    }

    private static void assertReset(String name, @Nullable Throwable failure) {
        assertInstanceOf(ConnectionResetException.class, failure, name);
        assertTrue(failure.getMessage().contains("127.0.0.1:"), name);
    }

    @Test
    void readersGetAnExceptionOfTheirOwn() {
        sweep(List.of(Half.NEITHER, Half.OURS), reads(), ResetsIT::assertReset);
        assertEquals(2 * 2 * 3 * 5, cases);
    }

    /** The end of the stream may be read before the reset arrives. */
    @Test
    void readersMayFindTheEndFirst() {
        sweep(List.of(Half.PEER), reads(), (name, failure) -> {
            if (failure != null && !(failure instanceof IncompleteReadException)) {
                assertReset(name, failure);
            }
        });
        assertEquals(2 * 3 * 5, cases);
    }

    @Test
    void writersGetAnExceptionOfTheirOwn() {
        sweep(List.of(Half.NEITHER, Half.PEER), writes(), ResetsIT::assertReset);
        assertEquals(2 * 2 * 3 * 3, cases);
    }

    /** The system does not report a reset to one who ends the output. */
    @Test
    void endingTheOutputOfAResetConnectionSucceedsOrSaysSo() {
        sweep(List.of(Half.values()), endings(), (name, failure) -> {
            if (failure != null) {
                assertReset(name, failure);
            }
        });
        assertEquals(2 * 3 * 3 * 2, cases);
    }

    @Test
    void handshakesFail() {
        List<Operation<?>> handshakes = List.of(operation(
                "startTls",
                connection -> connection.startTls(TlsOptions.client().withServerName("localhost"))));
        sweep(List.of(Half.NEITHER), handshakes, (name, failure) -> {
            assertInstanceOf(IOException.class, failure, name);
            assertNotNull(failure.getMessage(), name);
        });
        assertEquals(2 * 3, cases);
    }

    @Async
    private static Coroutine<Void> greet(Connection connection) throws IOException {
        try {
            await(connection.write("here\n".getBytes()));
        } catch (ConnectionResetException reset) {
            assertNotNull(reset.getMessage());
        }
        return Coroutine.done();
    }

    /** They are in the backlog when the server gets round to them. */
    @Test
    void serverAcceptsTheOthers() {
        run(() -> {
            collectReports();
            Server server = await(Net.serve(RawPeer.ANY_PORT, ResetsIT::greet));
            List<SocketChannel> patient = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                SocketChannel socket = SocketChannel.open(Objects.requireNonNull(server.localAddress()));
                if (i % 2 == 0) {
                    patient.add(socket);
                } else {
                    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                    socket.close();
                }
            }
            for (SocketChannel each : patient) {
                ByteBuffer line = ByteBuffer.allocate(5);
                each.configureBlocking(false);
                while (line.hasRemaining()) {
                    assertTrue(each.read(line) >= 0);
                    await(sleep(0));
                }
                each.close();
            }
            server.close();
            await(server.waitClosed());
            assertEquals(Set.of(), server.connections());
            return Coroutine.done();
        });
        assertEquals(List.of(), reports);
    }

    /** A server that goes away, with connections in its backlog or just accepted. */
    @Test
    void clientsOfAServerThatGoesAwayAreReset() {
        for (boolean accepted : List.of(true, false)) {
            run(() -> {
                collectReports();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(RawPeer.ANY_PORT);
                List<Connection> clients = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    clients.add(await(Net.connect(listener.getLocalAddress())));
                    if (accepted) {
                        SocketChannel socket = listener.accept();
                        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                        socket.close();
                    }
                }
                listener.close();
                for (Connection each : clients) {
                    assertReset("a client", await(failure(createTask(each.readLine()))));
                    assertReset("a client", await(failure(createTask(writeOn(each)))));
                    each.close();
                }
                return Coroutine.done();
            });
        }
        assertEquals(List.of(), reports);
    }

    /** Either side resets while the other one closes gracefully, after each number of bytes of a request and its answer. */
    @Test
    void handlersEndWhereverTheirClientsLeave() {
        byte[] request = "request\n".getBytes();
        run(() -> {
            collectReports();
            int[] ended = {0};
            Server server = await(Net.serve(RawPeer.ANY_PORT, connection -> {
                try {
                    String line = await(connection.readLine());
                    if (line != null) {
                        await(connection.write(MUCH));
                    }
                } catch (ConnectionResetException reset) {
                    assertNotNull(reset.getMessage());
                } finally {
                    ended[0]++;
                }
                return Coroutine.done();
            }));
            for (int bytes = 0; bytes <= request.length; bytes++) {
                for (int answer = 0; answer <= (bytes == request.length ? 3 : 0); answer++) {
                    SocketChannel socket = SocketChannel.open(Objects.requireNonNull(server.localAddress()));
                    socket.write(ByteBuffer.wrap(request, 0, bytes));
                    await(sleep(0));
                    await(sleep(0));
                    if (answer > 0) {
                        socket.configureBlocking(false);
                        ByteBuffer begin = ByteBuffer.allocate(answer);
                        while (begin.hasRemaining()) {
                            socket.read(begin);
                            await(sleep(0));
                        }
                    }
                    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                    socket.close();
                    cases++;
                }
            }
            server.close();
            await(server.waitClosed());
            assertEquals(cases, ended[0]);
            return Coroutine.done();
        });
        assertEquals(List.of(), reports);
    }
}
