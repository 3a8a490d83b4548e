package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.net.RawPeer.Side;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peers that do not read, do not close, send too much, or send so slowly that they never get anywhere. */
@Timeout(60)
class UnreadIT {

    private static final byte[] MUCH = new byte[4_000_000];

    @TempDir
    Path directory;

    private interface Write {
        Coroutine<Void> apply(Connection connection) throws IOException;
    }

    /** Writes small pieces until it is suspended for good. Each write comes in the turn of the one before, so that it is gathered. */
    @Async
    private static Coroutine<Void> writeSmall(Connection connection, int[] written) throws IOException {
        while (true) {
            await(connection.write(new byte[1000]));
            written[0] += 1000;
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

    private List<Write> writes(int[] written) {
        return List.of(
                connection -> connection.write(MUCH), connection -> writeSmall(connection, written), this::sendFile);
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

    /** Lets the rest of the loop run until nothing of {@code written} changes any more. */
    @Async
    private static Coroutine<Void> settle(int[] written) {
        int before;
        do {
            before = written[0];
            for (int i = 0; i < 100; i++) {
                await(sleep(0));
            }
        } while (before != written[0]);
        return Coroutine.done();
    }

    @Test
    void writersWaitForPeersThatDoNotRead() {
        int[] cases = {0};
        run(() -> {
            for (Side side : Side.values()) {
                int[] written = {0};
                for (Write write : writes(written)) {
                    for (String end : List.of("close", "cancel", "time-out")) {
                        written[0] = 0;
                        await(writeAndEnd(side, write, written, end));
                        cases[0]++;
                    }
                }
            }
            return Coroutine.done();
        });
        assertEquals(2 * 3 * 3, cases[0]);
    }

    @Async
    private static Coroutine<Void> writeAndEnd(Side side, Write write, int[] written, String end) throws IOException {
        try (RawPeer peer = await(RawPeer.join(side))) {
            Task<?> writing = end.equals("time-out")
                    ? createTask(Asyncio.timeout(Duration.ofMillis(50), time -> write.apply(peer.connection)))
                    : createTask(write.apply(peer.connection));
            await(settle(written));
            assertTrue(written[0] < 1_000_000, "buffers of the system and one of the connection");
            if (end.equals("close")) {
                assertFalse(writing.isDone());
                peer.connection.close();
                assertInstanceOf(ConnectionClosedException.class, await(failure(writing)));
                assertNull(await(failure(createTask(peer.connection.closeGracefully()))));
            } else if (end.equals("cancel")) {
                assertFalse(writing.isDone());
                writing.cancel();
                assertInstanceOf(CancelledError.class, await(failure(writing)));
            } else {
                assertInstanceOf(TimeoutException.class, await(failure(writing)));
            }
        }
        return Coroutine.done();
    }

    /** What was accepted of a write that was cancelled arrives in order, and is followed by the next write. */
    @Test
    void peerThatReadsAgainGetsTheRest() {
        run(() -> {
            for (Side side : Side.values()) {
                try (RawPeer peer = await(RawPeer.join(side))) {
                    Task<Void> writing = createTask(peer.connection.write(MUCH));
                    await(sleep(0));
                    await(sleep(0));
                    assertFalse(writing.isDone());
                    peer.socket.configureBlocking(false);
                    ByteBuffer all = ByteBuffer.allocate(MUCH.length + 1);
                    while (all.hasRemaining() && peer.socket.read(all) >= 0) {
                        await(sleep(0));
                        if (writing.isDone() && !peer.connection.isClosed()) {
                            await(peer.connection.shutdownOutput());
                        }
                    }
                    assertEquals(MUCH.length, all.position());
                    await(writing);
                }
            }
            return Coroutine.done();
        });
    }

    /** A peer that neither reads nor closes holds a connection for a second, and one that floods does not for longer. */
    @Test
    void gracefulCloseHasABound() {
        run(() -> {
            List<Task<Void>> all = new ArrayList<>();
            for (Side side : Side.values()) {
                all.add(createTask(closeGracefully(side, false)));
                all.add(createTask(closeGracefully(side, true)));
            }
            await(Asyncio.gather(all));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> closeGracefully(Side side, boolean floods) throws IOException {
        try (RawPeer peer = await(RawPeer.join(side))) {
            await(peer.connection.write(new byte[10]));
            Task<Void> closing = createTask(peer.connection.closeGracefully());
            peer.socket.configureBlocking(false);
            while (!closing.isDone()) {
                if (floods) {
                    peer.socket.write(ByteBuffer.allocate(5000));
                }
                await(sleep(0.001));
            }
            await(closing);
            assertTrue(peer.connection.isClosed());
        } catch (IOException gone) {
            assertTrue(floods, "the peer writes until it finds the connection closed");
        }
        return Coroutine.done();
    }

    /** What a peer never reads does not hold a connection for ever. */
    @Test
    void gracefulCloseToAPeerThatDoesNotReadHasABound() {
        run(() -> {
            for (Side side : Side.values()) {
                try (RawPeer peer = await(RawPeer.join(side, Duration.ofMillis(50)))) {
                    int[] written = {0};
                    Task<Void> writing = createTask(writeSmall(peer.connection, written));
                    await(settle(written));
                    Task<Void> closing = createTask(peer.connection.closeGracefully());
                    await(sleep(0));
                    Throwable refused = await(failure(createTask(peer.connection.write(new byte[1]))));
                    assertInstanceOf(ConnectionClosedException.class, refused);
                    assertInstanceOf(SocketTimeoutException.class, await(failure(closing)));
                    assertInstanceOf(ConnectionClosedException.class, await(failure(writing)));
                }
            }
            return Coroutine.done();
        });
    }

    /** A transport that takes nothing. */
    private static final class Stuck extends ForwardingTransport {

        private final Event closed = new Event();

        Stuck(Transport below) {
            super(below);
        }

        @Override
        protected void write(ByteBuffer source) {}

        @Override
        @Async
        protected Coroutine<Void> writable() {
            await(closed.waitSet());
            return Coroutine.done();
        }

        @Override
        protected void close() {
            super.close();
            closed.set();
        }

        @Override
        protected void abort() {
            close();
        }
    }

    /** The limit is for what was gathered, and for a coroutine that writes but gets nowhere. */
    @ParameterizedTest
    @CsvSource({"30, true", "30, false", "7000, true", "7000, false"})
    void theLimitOfAGracefulCloseCanBeSet(int seconds, boolean gathered) {
        EventLoop loop = EventLoop.virtualTime();
        loop.runUntilComplete(() -> {
            Duration limit = Duration.ofSeconds(seconds);
            try (RawPeer peer =
                    await(seconds == 30 ? RawPeer.join(Side.CONNECTED) : RawPeer.join(Side.CONNECTED, limit))) {
                Connection connection = peer.connection;
                await(connection.write(new byte[1]));
                connection.transport = new Stuck(connection.transport);
                if (gathered) {
                    await(connection.write(new byte[1]));
                }
                Task<Void> writing = createTask(gathered ? Coroutine.done() : connection.write(new byte[5000]));
                await(sleep(0));
                await(sleep(0));
                double begin = loop.time();
                Throwable failure = await(failure(createTask(connection.closeGracefully())));
                assertInstanceOf(SocketTimeoutException.class, failure);
                assertTrue(String.valueOf(failure.getMessage()).contains("not read what was written within " + limit));
                assertEquals(seconds, loop.time() - begin, 0.001);
                assertTrue(connection.isClosed());
                Throwable failed = await(failure(writing));
                assertTrue(gathered ? failed == null : failed instanceof ConnectionClosedException);
            }
            return Coroutine.done();
        });
        loop.close();
    }

    /** Reads a line, and does something else before it reads the next one. */
    @Async
    private static Coroutine<String> readAndPause(Connection connection, Event pause) throws IOException {
        String first = Objects.requireNonNull(await(connection.readLine()));
        await(pause.waitSet());
        return Coroutine.of(first + await(connection.readLine()));
    }

    /** A reader that pauses learns that the connection is being closed; it has not made a mistake. */
    @Test
    void gracefulCloseIsNotTakenForAnotherReader() {
        run(() -> {
            for (Side side : Side.values()) {
                try (RawPeer peer = await(RawPeer.join(side))) {
                    Event pause = new Event();
                    peer.send("one\n".getBytes());
                    Task<String> reading = createTask(readAndPause(peer.connection, pause));
                    await(settle(new int[1]));
                    Task<Void> closing = createTask(peer.connection.closeGracefully());
                    await(settle(new int[1]));
                    assertFalse(closing.isDone());
                    pause.set();
                    Throwable failure = await(failure(reading));
                    assertInstanceOf(ConnectionClosedException.class, failure);
                    assertTrue(String.valueOf(failure.getMessage()).contains("is being closed"));
                    peer.socket.close();
                    await(closing);
                }
            }
            return Coroutine.done();
        });
    }

    /** The message about a second operation names the one that was called. */
    @Test
    void messagesNameTheOperation() {
        run(() -> {
            try (RawPeer peer = await(RawPeer.join(Side.CONNECTED))) {
                Connection connection = peer.connection;
                Task<Void> writing = createTask(connection.write(MUCH));
                Task<Integer> reading = createTask(connection.read(ByteBuffer.allocate(1)));
                await(sleep(0));
                Map<String, Coroutine<?>> operations = Map.of(
                        "write()", connection.write(new byte[1]),
                        "shutdownOutput()", connection.shutdownOutput(),
                        "startTls()", connection.startTls(TlsIT.CLIENT),
                        "sendFile()", sendFile(connection),
                        "readLine()", connection.readLine(),
                        "readExactly()", connection.readExactly(1),
                        "readAll()", connection.readAll(1));
                for (Map.Entry<String, Coroutine<?>> each : operations.entrySet()) {
                    Throwable failure = await(failure(createTask(each.getValue())));
                    assertInstanceOf(IllegalStateException.class, failure);
                    assertTrue(String.valueOf(failure.getMessage()).startsWith(each.getKey() + " called while"));
                }
                reading.cancel();
                writing.cancel();
            }
            return Coroutine.done();
        });
    }

    /** The output is not sent at all, so it is waited for until the caller has enough. */
    @Test
    void gracefulCloseCanBeCutShort() {
        run(() -> {
            for (Side side : Side.values()) {
                for (boolean cancel : List.of(true, false)) {
                    try (RawPeer peer = await(RawPeer.join(side))) {
                        Task<Void> writing = createTask(peer.connection.write(MUCH));
                        await(sleep(0));
                        Task<Void> closing = createTask(peer.connection.closeGracefully());
                        await(sleep(0));
                        await(sleep(0));
                        assertFalse(closing.isDone());
                        if (cancel) {
                            closing.cancel();
                            assertInstanceOf(CancelledError.class, await(failure(closing)));
                        } else {
                            peer.connection.close();
                            Throwable failure = await(failure(closing));
                            assertTrue(failure == null || failure instanceof ConnectionClosedException);
                        }
                        assertTrue(peer.connection.isClosed());
                        assertInstanceOf(ConnectionClosedException.class, await(failure(writing)));
                    }
                }
            }
            return Coroutine.done();
        });
    }

    // Limits

    private record Limited(String name, AsyncFunction<Connection, ?> read) {}

    @Test
    void readsStopAtTheirLimits() {
        List<Limited> reads = List.of(
                new Limited("readLine", limited(Connection::readLine)),
                new Limited("readUntil", limited(connection -> connection.readUntil(new byte[] {'\n'}))),
                new Limited("readUntil of 4", limited(connection -> connection.readUntil("\r\n\r\n".getBytes()))),
                new Limited("readAll", limited(connection -> connection.readAll(Connection.DEFAULT_LIMIT))));
        run(() -> {
            for (Side side : Side.values()) {
                for (Limited each : reads) {
                    try (RawPeer peer = await(RawPeer.join(side))) {
                        Task<?> reading = createTask(each.read().apply(peer.connection));
                        peer.socket.configureBlocking(false);
                        ByteBuffer flood = ByteBuffer.allocate(10_000_000);
                        while (!reading.isDone()) {
                            peer.socket.write(flood);
                            await(sleep(0));
                        }
                        LimitExceededException failure =
                                assertInstanceOf(LimitExceededException.class, await(failure(reading)), each.name());
                        assertTrue(failure.getMessage().contains("127.0.0.1"), failure.getMessage());
                        assertTrue(flood.position() < 2_000_000, () -> each.name() + " took " + flood.position());
                    }
                }
            }
            return Coroutine.done();
        });
    }

    private static <T> AsyncFunction<Connection, T> limited(AsyncFunction<Connection, T> read) {
        return read;
    }

    /** A peer that announces much and sends little does not make this side take the memory. */
    @Test
    void announcedBytesTakeNoMemoryBeforeTheyArrive() {
        run(() -> {
            for (Side side : Side.values()) {
                List<RawPeer> peers = new ArrayList<>();
                List<Task<byte[]>> readings = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    RawPeer peer = await(RawPeer.join(side));
                    peers.add(peer);
                    readings.add(createTask(peer.connection.readExactly(Integer.MAX_VALUE - 8)));
                    peer.send(new byte[10]);
                    peer.socket.shutdownOutput();
                }
                for (Task<byte[]> each : readings) {
                    Throwable failure = await(failure(each));
                    assertEquals(
                            10,
                            assertInstanceOf(IncompleteReadException.class, failure)
                                    .partial()
                                    .length);
                }
                for (RawPeer each : peers) {
                    each.close();
                }
            }
            return Coroutine.done();
        });
    }

    // Slow loris

    @Async
    private static Coroutine<Void> answerInTime(Connection connection, int[] timedOut) throws IOException {
        try {
            if (await(connection.readExactly(1))[0]
                    == 'x') { // a slow one, told apart so that the test does not depend on time
                await(Asyncio.timeout(Duration.ofMillis(300), time -> connection.readLine()));
            }
            await(connection.write((await(connection.readLine()) + "\n").getBytes()));
        } catch (TimeoutException slow) {
            timedOut[0]++;
            connection.close();
        }
        return Coroutine.done();
    }

    @Test
    void slowClientsAreCutOffAndOthersServed() {
        List<Map<String, Object>> reports = new ArrayList<>();
        int[] timedOut = {0};
        run(() -> {
            Asyncio.getRunningLoop().setExceptionHandler((loop, report) -> reports.add(report));
            Server server = await(Net.serve(
                    RawPeer.ANY_PORT, ServeOptions.DEFAULT.withMostConnections(150), c -> answerInTime(c, timedOut)));
            List<Task<Void>> slow = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                slow.add(createTask(dribble(server)));
            }
            for (int i = 0; i < 100; i++) {
                try (Connection quick = await(Net.connect(Objects.requireNonNull(server.localAddress())))) {
                    await(quick.write("quick\n".getBytes()));
                    assertEquals("uick", await(quick.readLine()));
                }
            }
            await(Asyncio.gather(slow));
            server.close();
            await(server.waitClosed());
            return Coroutine.done();
        });
        assertEquals(100, timedOut[0]);
        assertEquals(List.of(), reports);
    }

    /** Sends a byte now and then until the server has enough of it. */
    @Async
    private static Coroutine<Void> dribble(Server server) throws IOException {
        try (Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress())))) {
            while (true) {
                await(client.write(new byte[] {'x'}));
                await(sleep(0.05));
            }
        } catch (ConnectionResetException cutOff) {
            return Coroutine.done();
        }
    }
}
