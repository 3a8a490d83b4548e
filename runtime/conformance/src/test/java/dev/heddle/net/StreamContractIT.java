package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.testing.MemoryPair;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every connection has to do, whatever its transport is. */
class StreamContractIT {

    /** The kinds of connections. */
    enum Kind {
        TCP,
        UNIX,
        MEMORY,
        /** Each byte arrives by itself, and few are on their way at once. */
        PIECES,
        LATENCY,
        /** TLS over TCP. */
        TLS,
        TLS_OF_VERSION_1_2,
        TLS_IN_MEMORY,
        /** TLS over pairs that move few bytes at a time. */
        TLS_IN_PIECES;

        boolean hasSockets() {
            return this == TCP || this == UNIX || this == TLS || this == TLS_OF_VERSION_1_2;
        }

        boolean isEncrypted() {
            return name().startsWith("TLS");
        }

        /** Whether one direction may end before the other. */
        boolean endsByDirection() {
            return this != TLS_OF_VERSION_1_2;
        }

        /** Returns {@code size}, or less if the transfer of so much takes too long. */
        int size(int size) {
            return this == PIECES || this == TLS_IN_PIECES ? 30_000 : isEncrypted() ? size / 5 : size;
        }
    }

    private static final int LIMIT = 20;

    @TempDir
    Path directory;

    private int sockets;

    /** Calls {@code body} with two joined connections, whose lines may have {@link #LIMIT} bytes, and closes them. */
    private void with(Kind kind, AsyncFunction<Connection[], Void> body) {
        if (kind.hasSockets()) {
            Asyncio.run(() -> joined(kind, body));
            return;
        }
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(() -> joined(kind, body));
        }
    }

    @Async
    private Coroutine<Void> joined(Kind kind, AsyncFunction<Connection[], Void> body) throws Exception {
        Connection[] ends = await(pair(kind));
        try {
            await(body.apply(ends));
        } finally {
            ends[0].close();
            ends[1].close();
            for (Task<?> task : Asyncio.allTasks()) {
                if (task != Asyncio.currentTask()) {
                    task.cancel();
                }
            }
            await(sleep(0));
            await(sleep(0));
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Connection[]> pair(Kind kind) throws IOException {
        Connection[] ends = kind.hasSockets() ? await(socketPair(kind)) : memoryPair(kind);
        if (kind.isEncrypted()) {
            String version = kind == Kind.TLS_OF_VERSION_1_2 ? "TLSv1.2" : "TLSv1.3";
            Task<Void> server = createTask(ends[1].startTls(TlsIT.SERVER));
            await(ends[0].startTls(TlsIT.CLIENT.withProtocols(version)));
            await(result(server));
        }
        return Coroutine.of(ends);
    }

    private static Connection[] memoryPair(Kind kind) {
        MemoryPair pair = MemoryPair.create(LIMIT);
        if (kind == Kind.PIECES) {
            pair.pieces(1).capacity(16);
        } else if (kind == Kind.TLS_IN_PIECES) {
            pair.pieces(7).capacity(10_000); // with room for the tickets, which nobody reads in some tests
        } else if (kind == Kind.LATENCY) {
            pair.latency(Duration.ofMillis(300));
        }
        return new Connection[] {pair.first(), pair.second()};
    }

    @Async
    private Coroutine<Connection[]> socketPair(Kind kind) throws IOException {
        SocketAddress address = kind == Kind.UNIX
                ? UnixDomainSocketAddress.of(directory.resolve("socket" + sockets++))
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        dev.heddle.Future<Connection> accepted = Asyncio.getRunningLoop().createFuture();
        Server server = await(Net.serve(address, ServeOptions.DEFAULT.withLimit(LIMIT), connection -> {
            accepted.setResult(connection);
            await(Asyncio.getRunningLoop().createFuture());
            return Coroutine.done();
        }));
        Connection client = await(
                Net.connect(Objects.requireNonNull(server.localAddress()), ConnectOptions.DEFAULT.withLimit(LIMIT)));
        Connection second = await(accepted);
        server.close();
        return Coroutine.of(new Connection[] {client, second});
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Awaits {@code body}, and returns what it throws. */
    @Async
    private static <E extends Throwable, T> Coroutine<E> failure(Class<E> type, AsyncSupplier<T> body)
            throws Exception {
        try {
            await(body.get());
        } catch (Throwable failure) {
            if (type.isInstance(failure)) {
                assertTrue(!(failure instanceof IOException) || failure.getMessage() != null);
                return Coroutine.of(type.cast(failure));
            }
            throw new AssertionError("another failure", failure);
        }
        throw new AssertionError("no failure");
    }

    @Async
    private static <T> Coroutine<T> result(Task<T> task) throws IOException {
        return Coroutine.of(await(task));
    }

    private static byte[] pattern(int length) {
        byte[] pattern = new byte[length];
        for (int i = 0; i < length; i++) {
            pattern[i] = (byte) (i * 31 >> 3);
        }
        return pattern;
    }

    @ParameterizedTest
    @EnumSource
    void readsReturnWhatWasWritten(Kind kind) {
        with(kind, ends -> {
            Task<Void> writing = createTask(ends[0].write(bytes("one\ntwo\r\n\nabc;;de--rest")));
            assertEquals("one", await(ends[1].readLine()));
            assertEquals("two", await(ends[1].readLine()));
            assertEquals("", await(ends[1].readLine()));
            assertEquals("abc;;", text(await(ends[1].readUntil(bytes(";;")))));
            assertEquals("d", text(await(ends[1].readExactly(1))));
            assertEquals("e--", text(await(ends[1].readUntil(bytes("--")))));
            assertEquals("", text(await(ends[1].readExactly(0))));
            assertEquals(0, await(ends[1].read(ByteBuffer.allocate(0))));
            ByteBuffer target = ByteBuffer.allocate(3);
            while (target.hasRemaining()) {
                assertTrue(await(ends[1].read(target)) > 0);
            }
            assertEquals("res", text(target.array()));
            await(writing);
            await(ends[0].shutdownOutput());
            await(ends[0].shutdownOutput());
            assertEquals("t", await(ends[1].readLine()), "a line without an end");
            assertNull(await(ends[1].readLine()));
            assertEquals(-1, await(ends[1].read(target.clear())));
            assertEquals(0, await(ends[1].readAll(0)).length);
            if (kind.endsByDirection()) {
                await(ends[1].write(bytes("still open")));
                assertEquals("still open", text(await(ends[0].readExactly(10))));
            }
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void endInsideARequestIsReportedWithTheBytes(Kind kind) {
        with(kind, ends -> {
            await(ends[0].write(bytes("abc")));
            await(ends[0].shutdownOutput());
            IncompleteReadException failure =
                    await(failure(IncompleteReadException.class, () -> ends[1].readExactly(5)));
            assertEquals("abc", text(failure.partial()));
            assertEquals(5, failure.expected());
            failure = await(failure(IncompleteReadException.class, () -> ends[1].readExactly(1)));
            assertEquals("", text(failure.partial()));
            return Coroutine.done();
        });
        with(kind, ends -> {
            await(ends[1].write(bytes("xy")));
            await(ends[1].shutdownOutput());
            IncompleteReadException failure =
                    await(failure(IncompleteReadException.class, () -> ends[0].readUntil(bytes(";"))));
            assertEquals("xy", text(failure.partial()));
            assertEquals(-1, failure.expected());
            return Coroutine.done();
        });
    }

    /** A line of exactly the limit is read; a longer one is refused and stays. */
    @ParameterizedTest
    @EnumSource
    void limitCountsTheBytesBeforeTheSeparator(Kind kind) {
        for (String separator : List.of("\n", ";;", "----")) {
            with(kind, ends -> {
                byte[] mark = bytes(separator);
                Task<Void> writing = createTask(ends[0].write(bytes("x".repeat(LIMIT) + separator)));
                assertEquals(LIMIT + mark.length, await(ends[1].readUntil(mark)).length);
                await(writing);
                Task<Void> more = createTask(ends[0].write(bytes("y".repeat(LIMIT + 1) + separator + "z")));
                LimitExceededException failure =
                        await(failure(LimitExceededException.class, () -> ends[1].readUntil(mark)));
                assertEquals(LIMIT, failure.limit());
                await(failure(LimitExceededException.class, () -> ends[1].readUntil(mark)));
                String all = "y".repeat(LIMIT + 1) + separator + "z";
                assertEquals(all, text(await(ends[1].readExactly(all.length()))));
                await(more);
                Task<Void> rest = createTask(ends[0].write(bytes("0123456789")));
                await(failure(LimitExceededException.class, () -> ends[1].readAll(9)));
                await(rest);
                await(ends[0].shutdownOutput());
                assertEquals("0123456789", text(await(ends[1].readAll(10))));
                return Coroutine.done();
            });
        }
    }

    @Async
    private static Coroutine<byte[]> readInto(Connection connection, int count) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(count);
        int read = await(connection.read(target));
        return Coroutine.of(Arrays.copyOf(target.array(), Math.max(read, 0)));
    }

    private static List<AsyncFunction<Connection, byte[]>> reads() {
        return List.of(
                connection -> readInto(connection, 4),
                connection -> connection.readExactly(6),
                connection -> connection.readUntil(bytes(";")),
                connection -> connection.readUntil(bytes("no such thing")),
                connection -> connection.readAll(1_000));
    }

    /** Cancels each kind of read after each number of turns while bytes arrive one by one, and counts what is read in all. */
    @ParameterizedTest
    @EnumSource
    void cancelledReadLosesNoByte(Kind kind) {
        String message = "ab;cd;ef;";
        for (AsyncFunction<Connection, byte[]> operation : reads()) {
            for (int turns = 0; turns < 12; turns += kind.isEncrypted() ? 3 : 1) {
                int patience = turns;
                with(kind, ends -> {
                    Task<byte[]> reading = createTask(operation.apply(ends[1]));
                    for (byte each : bytes(message)) {
                        await(ends[0].write(new byte[] {each}));
                    }
                    await(ends[0].shutdownOutput());
                    for (int i = 0; i < patience; i++) {
                        await(sleep(0));
                    }
                    reading.cancel();
                    String first = "";
                    try {
                        first = text(await(result(reading)));
                    } catch (CancelledError cancelled) {
                        // Nothing was read.
                    } catch (IncompleteReadException end) {
                        first = text(end.partial());
                    }
                    assertEquals(message, first + text(await(ends[1].readAll(1_000))));
                    return Coroutine.done();
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedOutReadLosesNoByte(Kind kind) {
        with(kind, ends -> {
            await(ends[0].write(bytes("ab")));
            await(failure(
                    dev.heddle.TimeoutException.class,
                    () -> Asyncio.timeout(Duration.ofMillis(400), time -> ends[1].readExactly(4))));
            await(ends[0].write(bytes("cd")));
            assertEquals("abcd", text(await(ends[1].readExactly(4))));
            return Coroutine.done();
        });
    }

    /** A cancelled write says how much it has written, and what was gathered before it arrives all the same. */
    @ParameterizedTest
    @EnumSource
    void cancelledWriteLosesNothingThatWasWrittenBefore(Kind kind) {
        byte[] much = pattern(8_000_000);
        for (int turns = 0; turns < 6; turns += kind.isEncrypted() ? 2 : 1) {
            int patience = turns;
            with(kind, ends -> {
                await(ends[0].write(bytes("1")));
                await(ends[0].write(bytes("2")));
                await(ends[0].write(bytes("3")));
                ByteBuffer source = ByteBuffer.wrap(much);
                Task<Void> writing = createTask(ends[0].write(source));
                for (int i = 0; i < patience; i++) {
                    await(sleep(0));
                }
                writing.cancel();
                await(failure(CancelledError.class, () -> result(writing)));
                int written = source.position();
                assertTrue(written < much.length);
                assertEquals("123", text(await(ends[1].readExactly(3))));
                assertArrayEquals(Arrays.copyOf(much, written), await(ends[1].readExactly(written)));
                Task<Void> ending = createTask(ends[0].shutdownOutput());
                assertEquals(0, await(ends[1].readAll(1)).length);
                await(ending);
                return Coroutine.done();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void secondReaderAndSecondWriterAreRefused(Kind kind) {
        byte[] much = pattern(8_000_000);
        with(kind, ends -> {
            Task<byte[]> reading = createTask(ends[0].readExactly(1));
            Task<Void> writing = createTask(ends[0].write(much));
            await(sleep(0));
            await(sleep(0));
            await(failure(IllegalStateException.class, () -> ends[0].readLine()));
            await(failure(IllegalStateException.class, () -> ends[0].read(ByteBuffer.allocate(1))));
            await(failure(IllegalStateException.class, () -> ends[0].write(bytes("x"))));
            await(failure(IllegalStateException.class, () -> ends[0].shutdownOutput()));
            await(ends[1].write(bytes("!")));
            assertEquals("!", text(await(reading)));
            writing.cancel();
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsTheWaitsOfThisEndAndTheStreamOfTheOther(Kind kind) {
        byte[] much = pattern(8_000_000);
        with(kind, ends -> {
            Task<byte[]> reading = createTask(ends[0].readExactly(1));
            Task<Void> writing = createTask(ends[0].write(much));
            await(sleep(0));
            await(sleep(0));
            ends[0].close();
            ends[0].close();
            await(failure(ConnectionClosedException.class, () -> result(reading)));
            await(failure(ConnectionClosedException.class, () -> result(writing)));
            await(failure(ConnectionClosedException.class, () -> ends[0].readLine()));
            await(failure(ConnectionClosedException.class, () -> ends[0].write(bytes("x"))));
            await(ends[0].closeGracefully());
            assertTrue(ends[0].isClosed());
            if (kind.isEncrypted()) { // the stream is cut, as the closing message has no room
                await(failure(IOException.class, () -> ends[1].readAll(much.length)));
            } else {
                assertTrue(await(ends[1].readAll(much.length)).length < much.length);
            }
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void onlyAnAbortedStreamIsCut(Kind kind) {
        for (boolean aborted : new boolean[] {false, true}) {
            with(kind, ends -> {
                await(ends[1].write(bytes("?")));
                assertEquals(
                        "?", text(await(ends[0].readExactly(1)))); // nothing is left that would make the close a reset
                await(ends[0].write(bytes("part")));
                await(ends[0].write(bytes("s"))); // is gathered
                if (aborted) {
                    ends[0].abort();
                }
                ends[0].close();
                ends[0].abort();
                assertTrue(ends[0].isClosed());
                assertEquals("parts", text(await(ends[1].readExactly(5))));
                if (aborted && kind.isEncrypted()) {
                    await(failure(TlsTruncatedException.class, () -> ends[1].readAll(1)));
                } else {
                    assertEquals(0, await(ends[1].readAll(1)).length);
                }
                return Coroutine.done();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void writingToAPeerThatIsGoneFails(Kind kind) {
        with(kind, ends -> {
            ends[1].close();
            ConnectionResetException failure = null;
            while (failure == null) {
                try {
                    await(ends[0].write(pattern(10_000)));
                    await(ends[0].write(bytes("small, and gathered")));
                    await(sleep(0));
                } catch (ConnectionResetException reset) {
                    failure = reset;
                }
            }
            assertNotNull(failure.getMessage());
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void smallWritesArriveInOrder(Kind kind) {
        with(kind, ends -> {
            StringBuilder all = new StringBuilder();
            Task<byte[]> reading = createTask(ends[1].readAll(1_000_000));
            for (int i = 0; i < 3_000; i++) {
                String each = i + ",";
                all.append(each);
                await(ends[0].write(bytes(each)));
                if (i % 100 == 0) {
                    await(sleep(0));
                }
            }
            await(ends[0].shutdownOutput());
            assertEquals(all.toString(), text(await(reading)));
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void fileIsSent(Kind kind) throws IOException {
        byte[] content = pattern(kind.size(1_000_000));
        Path path = Files.write(directory.resolve("file"), content);
        try (FileChannel file = FileChannel.open(path)) {
            with(kind, ends -> {
                await(ends[0].write(bytes("<")));
                Task<Void> sending = createTask(ends[0].sendFile(file, 10, content.length - 20));
                assertEquals("<", text(await(ends[1].readExactly(1))));
                assertArrayEquals(
                        Arrays.copyOfRange(content, 10, content.length - 10),
                        await(ends[1].readExactly(content.length - 20)));
                await(sending);
                Task<Void> tooLong = createTask(ends[0].sendFile(file, content.length - 5, 6));
                assertEquals(5, await(ends[1].readExactly(5)).length);
                await(failure(EOFException.class, () -> result(tooLong)));
                return Coroutine.done();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void gracefulCloseDeliversEverything(Kind kind) {
        byte[] much = pattern(kind.size(3_000_000));
        with(kind, ends -> {
            await(ends[1].write(bytes("unread")));
            Task<Void> writing = createTask(ends[0].write(much));
            await(sleep(0));
            Task<Void> closing = createTask(ends[0].closeGracefully());
            assertArrayEquals(much, await(ends[1].readAll(much.length)));
            ends[1].close();
            await(writing);
            await(closing);
            assertTrue(ends[0].isClosed());
            return Coroutine.done();
        });
    }

    /** A connection that can always be read lets timers and other tasks run. */
    @ParameterizedTest
    @EnumSource
    void readerOfABusyConnectionLetsOthersRun(Kind kind) {
        with(kind, ends -> {
            List<String> events = new ArrayList<>();
            Task<Void> writing = createTask(writeForever(ends[0]));
            Task<Void> reading = createTask(readForever(ends[1]));
            for (int i = 0; i < 100; i++) {
                await(sleep(0));
                events.add("turn");
            }
            writing.cancel();
            reading.cancel();
            assertEquals(100, events.size());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> writeForever(Connection connection) throws IOException {
        byte[] part = new byte[5_000];
        while (true) {
            await(connection.write(part));
        }
    }

    @Async
    private static Coroutine<Void> readForever(Connection connection) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(1_000);
        while (true) {
            await(connection.read(target.clear()));
        }
    }
}
