package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.TaskOptions;
import dev.heddle.process.ProcessResult;
import dev.heddle.process.Subprocess;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Transports that fail with more than an {@code IOException}, take little, or keep much, and channels that copy what they get. */
@Timeout(60)
class FaultyTransportsIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    // Failures that are no IOException

    /** A transport that throws once {@link #failure} is set. */
    private static final class Failing extends ForwardingTransport {

        @Nullable
        Throwable failure;

        boolean closed;

        Failing(Transport below) {
            super(below);
        }

        static Failing of(Connection connection) {
            Failing made = new Failing(connection.transport);
            connection.transport = made;
            return made;
        }

        @Override
        protected void write(ByteBuffer source) throws IOException {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException broken) {
                throw broken;
            }
            super.write(source);
        }

        @Override
        protected void close() {
            closed = true;
            super.close();
        }

        @Override
        protected void abort() {
            closed = true;
            super.abort();
        }
    }

    /** What the connection does after something was gathered. */
    enum Then {
        ENDS_THE_TURN,
        READS,
        CLOSES,
        ABORTS,
        CLOSES_GRACEFULLY,
        ENDS_THE_HANDLER
    }

    private static Stream<Arguments> failures() {
        return Stream.of(new IllegalStateException("test"), new OutOfMemoryError("test"))
                .flatMap(failure -> Arrays.stream(Then.values()).map(then -> Arguments.of(failure, then)));
    }

    /** Writes twice in one turn, so that the second write is gathered. The transport fails after that. */
    @Async
    private static Coroutine<Failing> gather(Connection connection, Throwable failure) throws IOException {
        Failing transport = Failing.of(connection);
        await(connection.write(new byte[] {1}));
        await(connection.write(new byte[] {2}));
        transport.failure = failure;
        return Coroutine.of(transport);
    }

    /** The loop goes on, the next operation learns the failure, and a connection that is closed is closed. */
    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOfATransportIsThatOfItsConnection(Throwable failure, Then then) {
        List<Object> reports = new ArrayList<>();
        loop.setExceptionHandler((source, report) -> reports.add(report.get("exception")));
        loop.runUntilComplete(() -> {
            if (then == Then.ENDS_THE_HANDLER) {
                await(serveTwo(failure));
                return Coroutine.done();
            }
            MemoryPair pair = MemoryPair.create();
            Connection connection = pair.first();
            Failing transport = await(gather(connection, failure));
            switch (then) {
                case ENDS_THE_TURN -> await(sleep(1));
                case READS -> {
                    Task<byte[]> reading = createTask(connection.readExactly(1));
                    await(sleep(1));
                    await(pair.second().write(new byte[] {3}));
                    assertArrayEquals(new byte[] {3}, await(reading));
                }
                case CLOSES -> connection.close();
                case ABORTS -> connection.abort();
                default -> assertSame(failure, await(failure(connection.closeGracefully())));
            }
            if (then == Then.ENDS_THE_TURN || then == Then.READS) {
                Throwable learned = await(failure(connection.write(new byte[] {4})));
                assertInstanceOf(IOException.class, learned);
                assertTrue(String.valueOf(learned.getMessage()).contains("cannot send what was written"));
                connection.close();
            }
            assertTrue(transport.closed && connection.isClosed());
            await(pair.second().readAll(10)); // it ends
            return Coroutine.done();
        });
        assertEquals(then == Then.ENDS_THE_HANDLER ? List.of(failure) : List.of(), reports);
    }

    /** The place of a connection that fails at its end is free for the next one. */
    @Async
    private static Coroutine<Void> serveTwo(Throwable failure) throws IOException {
        boolean[] second = {false};
        Server server = await(Net.serve(ANY_PORT, ServeOptions.DEFAULT.withMostConnections(1), connection -> {
            if (!second[0]) {
                second[0] = true;
                await(gather(connection, failure));
            }
            return Coroutine.done();
        }));
        try (server) {
            for (int i = 0; i < 2; i++) {
                try (Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress())))) {
                    await(client.readAll(10));
                }
            }
        }
        await(server.waitClosed());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<@Nullable Throwable> failure(Coroutine<?> operation) {
        try {
            await(operation);
        } catch (Throwable failure) {
            return Coroutine.of(failure);
        }
        return Coroutine.of(null);
    }

    private static final class RefusingFactory implements TaskFactory {
        @Override
        public <T extends @Nullable Object> Task<T> newTask(
                EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            throw new IllegalStateException("test");
        }
    }

    /** The rest of what is gathered is sent by a task, which the factory of the program may refuse to make. */
    @Test
    void aTaskFactoryThatFailsDoesNotEndTheLoop() {
        loop.runUntilComplete(() -> {
            EventLoop running = Asyncio.getRunningLoop();
            MemoryPair pair = MemoryPair.create().capacity(1);
            await(pair.first().write(new byte[] {1}));
            await(pair.first().write(new byte[] {2}));
            running.setTaskFactory(new RefusingFactory());
            await(sleep(1));
            running.setTaskFactory(null);
            assertInstanceOf(IOException.class, await(failure(pair.first().write(new byte[] {3}))));
            pair.first().close();
            return Coroutine.done();
        });
    }

    // Transports that take little, or keep something

    /** Takes some bytes in each second call, and keeps everything until it is flushed if it is told so. */
    private static final class Awkward extends ForwardingTransport {

        private final int most;
        private final @Nullable ByteBuffer kept;
        private boolean takes;

        Awkward(Transport below, int most, boolean keeps) {
            super(below);
            this.most = most;
            this.kept = keeps ? ByteBuffer.allocate(64 * 1024) : null;
        }

        @Override
        protected void write(ByteBuffer source) throws IOException {
            takes = !takes;
            if (!takes) {
                return;
            }
            int end = source.limit();
            int room = kept == null ? most : Math.min(most, kept.remaining());
            source.limit(Math.min(end, source.position() + room));
            if (kept == null) {
                super.write(source);
            } else {
                kept.put(source);
            }
            source.limit(end);
        }

        @Override
        protected boolean flush() throws IOException {
            if (kept != null && kept.position() > 0) {
                kept.flip();
                super.write(kept);
                kept.compact();
                return kept.position() == 0 && super.flush();
            }
            return super.flush();
        }

        @Override
        protected void shutdownOutput() throws IOException {
            assertTrue(kept == null || kept.position() == 0, "everything has been flushed");
            super.shutdownOutput();
        }
    }

    /** An eager task may be done before it is known to whoever made it. */
    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, false, false", "TLSv1.2, true, false", "TLSv1.2, false, true", "TLSv1.2, true, true",
        "TLSv1.3, false, false", "TLSv1.3, true, false", "TLSv1.3, false, true", "TLSv1.3, true, true"
    })
    void tlsGetsThroughTransportsThatTakeLittle(String version, boolean eager, boolean keeps) {
        if (eager) {
            loop.setTaskFactory(Asyncio.eagerTaskFactory());
        }
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create();
            for (Connection each : List.of(pair.first(), pair.second())) {
                each.transport = new Awkward(each.transport, 5000, keeps);
            }
            Task<Void> other = createTask(pair.second().startTls(TlsIT.SERVER));
            await(pair.first().startTls(TlsIT.CLIENT.withProtocols(version)));
            await(other);
            byte[] much = TlsIT.pattern(100_000);
            Task<Void> writing = createTask(writeAndClose(pair.first(), much));
            assertArrayEquals(much, await(pair.second().readAll(much.length)));
            await(pair.second().closeGracefully());
            await(writing);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> writeAndClose(Connection connection, byte[] bytes) throws IOException {
        await(connection.write(bytes));
        await(connection.closeGracefully());
        return Coroutine.done();
    }

    /** The engine puts a new ticket in front of the closing message if the session has got a value since the last one. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void theClosingMessageComesBehindEverythingThatTheEngineHasToSay(boolean valueFirst, boolean shutsDown) {
        loop.runUntilComplete(() -> {
            TlsIT.Pair pair =
                    await(TlsIT.pair(MemoryPair.create(), TlsIT.CLIENT.withProtocols("TLSv1.3"), TlsIT.SERVER));
            Connection server = pair.server();
            if (valueFirst) {
                session(server).putValue("a", "b");
            }
            await(server.write(new byte[] {1}));
            if (!valueFirst) {
                session(server).putValue("a", "b");
            }
            if (shutsDown) {
                await(server.shutdownOutput());
            } else {
                server.close();
            }
            assertArrayEquals(new byte[] {1}, await(pair.client().readAll(10)));
            pair.client().close();
            return Coroutine.done();
        });
    }

    private static SSLSession session(Connection connection) {
        return Objects.requireNonNull(connection.tlsSession());
    }

    // Buffers and files

    @Test
    void aReadOnlyBufferIsRefusedAndNothingIsLost() {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create();
            await(pair.first().write(TlsIT.bytes("one\ntwo\n")));
            assertEquals("one", await(pair.second().readLine()));
            ByteBuffer target = ByteBuffer.allocate(2).asReadOnlyBuffer();
            assertThrows(IllegalArgumentException.class, () -> pair.second().read(target));
            assertEquals("two", await(pair.second().readLine()));
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @CsvSource({"socket", "memory"})
    void aClosedFileIsNotTakenForAClosedConnection(String kind, @TempDir Path directory) throws IOException {
        Path path = Files.write(directory.resolve("file"), new byte[100]);
        run(() -> {
            FileChannel file = FileChannel.open(path);
            file.close();
            if (kind.equals("memory")) {
                MemoryPair pair = MemoryPair.create();
                await(sendClosed(pair.first(), file, pair.second()));
            } else {
                try (RawPeer peer = await(RawPeer.join(RawPeer.Side.CONNECTED))) {
                    await(sendClosed(peer.connection, file, null));
                }
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> sendClosed(Connection connection, FileChannel file, @Nullable Connection other)
            throws IOException {
        Throwable failure = Objects.requireNonNull(await(failure(connection.sendFile(file, 0, 100))));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("cannot send the file"), failure::toString);
        await(connection.write(new byte[] {1}));
        if (other != null) {
            assertEquals(1, await(other.readExactly(1)).length);
        }
        return Coroutine.done();
    }

    /** The JDK copies what it gets of a buffer on the heap into direct memory, which it then keeps for the thread. */
    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static final int MUCH = 24_000_000;

    @ParameterizedTest
    @CsvSource({"socket", "socket with something gathered", "process"})
    void largeBuffersTakeLittleDirectMemory(String kind) {
        byte[] much = TlsIT.pattern(MUCH);
        long before = directMemory();
        run(() -> {
            if (kind.equals("process")) {
                Subprocess cat = await(Subprocess.exec("cat"));
                ProcessResult result = await(cat.communicate(much));
                assertArrayEquals(much, result.output());
            } else {
                await(exchange(much, kind.contains("gathered")));
            }
            return Coroutine.done();
        });
        long taken = directMemory() - before;
        assertTrue(taken < MUCH / 4, () -> taken + " bytes of direct memory");
    }

    @Async
    private static Coroutine<Void> exchange(byte[] much, boolean gathered) throws IOException {
        Server server = await(Net.serve(ANY_PORT, connection -> {
            if (gathered) {
                await(connection.write(new byte[] {1}));
                await(connection.write(new byte[] {2}));
            }
            await(connection.write(much));
            return Coroutine.done();
        }));
        try (server;
                Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress())))) {
            if (gathered) {
                await(client.readExactly(2));
            }
            assertArrayEquals(much, await(client.readExactly(much.length)));
        }
        await(server.waitClosed());
        return Coroutine.done();
    }
}
