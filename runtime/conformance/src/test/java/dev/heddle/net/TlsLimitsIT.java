package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that are silent, that do not read, or that send without end: the limits of time and of bytes. */
class TlsLimitsIT {

    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    /** More than this many bytes are not taken from a peer that does not complete a handshake. */
    private static final int MOST_TAKEN = 2 * 1024 * 1024;

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    // Time

    @Async
    private static Coroutine<Throwable> failure(Connection connection, TlsOptions options) {
        try {
            await(connection.startTls(options));
            throw new AssertionError("a handshake without another side");
        } catch (IOException failure) {
            assertTrue(connection.isClosed());
            return Coroutine.of(failure);
        }
    }

    private static Stream<Arguments> sides() {
        return Stream.of(TlsIT.CLIENT, TlsIT.SERVER)
                .flatMap(side -> Stream.of(60, 3)
                        .map(limit -> Arguments.of(side.withHandshakeTimeout(Duration.ofSeconds(limit)), limit)));
    }

    @ParameterizedTest
    @MethodSource("sides")
    void aHandshakeWithASilentPeerEndsInTime(TlsOptions options, int limit) {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create();
            assertTimedOut(limit, await(failure(pair.first(), options)));
            return Coroutine.done();
        });
    }

    private static void assertTimedOut(double limit, Throwable failure) {
        assertInstanceOf(TlsHandshakeException.TimedOut.class, failure);
        assertTrue(String.valueOf(failure.getMessage()).contains("took longer than"), failure.getMessage());
        assertEquals(limit, Asyncio.getRunningLoop().time(), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 300})
    void aHandshakeWithAPeerThatDoesNotReadEndsInTime(int capacity) {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create().capacity(capacity);
            assertTimedOut(60, await(failure(pair.first(), TlsIT.CLIENT)));
            return Coroutine.done();
        });
    }

    /** The peer sends a byte a second: the limit is that of the whole handshake. */
    @Test
    void aSlowHandshakeEndsInTime() {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create();
            Task<Void> slow = createTask(trickle(pair.second()));
            assertTimedOut(60, await(failure(pair.first(), TlsIT.SERVER)));
            slow.cancel();
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> trickle(Connection connection) throws IOException {
        byte[] record = record(22, 0x4000);
        for (int i = 0; true; i++) {
            await(connection.write(new byte[] {record[i]}));
            await(Asyncio.sleep(1));
        }
    }

    @Async
    private static Coroutine<Double> closing(TlsIT.Pair pair) throws IOException {
        double begin = Asyncio.getRunningLoop().time();
        await(pair.client().closeGracefully());
        assertTrue(pair.client().isClosed());
        return Coroutine.of(Asyncio.getRunningLoop().time() - begin);
    }

    @Async
    private static Coroutine<TlsIT.Pair> shaken(String version, MemoryPair memory, TlsOptions client)
            throws IOException {
        Task<Void> other = createTask(memory.second().startTls(TlsIT.SERVER));
        await(memory.first().startTls(client.withProtocols(version)));
        await(other);
        return Coroutine.of(new TlsIT.Pair(memory.first(), memory.second()));
    }

    private static Stream<Arguments> shutdowns() {
        return VERSIONS.stream().flatMap(version -> Stream.of(30, 2).map(limit -> Arguments.of(version, limit)));
    }

    @ParameterizedTest
    @MethodSource("shutdowns")
    void theClosingMessageOfASilentPeerIsNotWaitedForLonger(String version, int limit) {
        TlsOptions options = TlsIT.CLIENT.withShutdownTimeout(Duration.ofSeconds(limit));
        loop.runUntilComplete(() -> {
            assertEquals(limit, await(closing(await(shaken(version, MemoryPair.create(), options)))), 1e-6);
            return Coroutine.done();
        });
    }

    /** The peer neither reads nor ends, so the closing message itself cannot be sent. */
    @ParameterizedTest
    @MethodSource("shutdowns")
    void theClosingMessageIsNotOfferedForLonger(String version, int limit) {
        TlsOptions options = TlsIT.CLIENT.withShutdownTimeout(Duration.ofSeconds(limit));
        loop.runUntilComplete(() -> {
            MemoryPair memory = MemoryPair.create();
            TlsIT.Pair pair = await(shaken(version, memory, options));
            memory.capacity(1);
            assertEquals(limit, await(closing(pair)), 1e-6);
            return Coroutine.done();
        });
    }

    /** The peer goes on sending, and never ends. */
    @Test
    void aPeerThatSendsWithoutEndIsNotWaitedForLonger() {
        loop.runUntilComplete(() -> {
            TlsIT.Pair pair = await(shaken("TLSv1.3", MemoryPair.create(), TlsIT.CLIENT));
            Task<Void> sending = createTask(chatter(pair.server()));
            assertEquals(30, await(closing(pair)), 1e-6);
            assertInstanceOf(IOException.class, await(thrown(sending)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> chatter(Connection connection) throws IOException {
        while (true) {
            await(connection.write(new byte[1000]));
            await(Asyncio.sleep(0.7));
        }
    }

    @Async
    private static Coroutine<Throwable> thrown(Task<?> task) {
        try {
            await(task);
            throw new AssertionError("no failure");
        } catch (Exception failure) {
            return Coroutine.of(failure);
        }
    }

    // Bytes

    /** Returns a record of the type, with so many zeros. */
    static byte[] record(int type, int length) {
        byte[] record = new byte[5 + length];
        ByteBuffer.wrap(record).put((byte) type).putShort((short) 0x303).putShort((short) length);
        return record;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** The name of each flood, the bytes that are repeated, and the options of the side that gets them. */
    static Stream<Arguments> floods() {
        byte[] endlessMessage = record(22, 0x4000);
        endlessMessage[5] = 1; // a hello of 16 MiB
        endlessMessage[6] = endlessMessage[7] = endlessMessage[8] = (byte) 0xFF;
        List<Arguments> floods = List.of(
                Arguments.of("warnings", hex("150303000201" + "50")),
                Arguments.of("empty alerts", record(21, 0)),
                Arguments.of("empty handshake records", record(22, 0)),
                Arguments.of("changes of the cipher", hex("140303000101")),
                Arguments.of("empty data", record(23, 0)),
                Arguments.of("data", record(23, 1000)),
                Arguments.of("heartbeats", record(24, 100)),
                Arguments.of("a hello without end", endlessMessage),
                Arguments.of("messages without content", record(22, 0x4000)),
                Arguments.of("a huge record", hex("160303FFFF")),
                Arguments.of("records of SSL 2", hex("8080010301")),
                Arguments.of("zeros", new byte[100]),
                Arguments.of("text", TlsIT.bytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")));
        return floods.stream()
                .flatMap(flood -> Stream.of(TlsIT.SERVER, TlsIT.CLIENT)
                        .map(side -> Arguments.of(flood.get()[0], flood.get()[1], side)));
    }

    /** Each flood goes on until the handshake has failed, which is before its time limit. */
    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("floods")
    void aFloodDuringTheHandshakeEndsIt(String name, byte[] part, TlsOptions options) {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create();
            Task<Integer> flooding = createTask(flood(pair.second(), part));
            Throwable failure = await(failure(pair.first(), options));
            assertInstanceOf(TlsHandshakeException.class, failure, name);
            assertTrue(await(flooding) < MOST_TAKEN, name);
            assertTrue(Asyncio.getRunningLoop().time() < 1, name);
            return Coroutine.done();
        });
    }

    /** Sends the part again and again until the other side has closed the connection. Returns the number of bytes. */
    @Async
    private static Coroutine<Integer> flood(Connection connection, byte[] part) {
        byte[] parts = new byte[Math.max(1, 4096 / part.length) * part.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part[i % part.length];
        }
        int sent = 0;
        try {
            while (true) {
                await(connection.write(parts));
                sent += parts.length;
            }
        } catch (IOException closed) {
            return Coroutine.of(sent);
        }
    }

    /** A record of which there is always another byte, and never the last one, does not keep the other tasks from running. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRecordThatComesInSingleBytesDoesNotStarveTheLoop(String version) {
        int length = 10_000;
        loop.runUntilComplete(() -> {
            MemoryPair memory = MemoryPair.create();
            TlsIT.Pair pair = await(shaken(version, memory, TlsIT.CLIENT));
            memory.pieces(1);
            await(pair.client().write(TlsIT.pattern(length)));
            Task<byte[]> reading = createTask(pair.server().readExactly(length));
            int turns = 0;
            while (!reading.isDone()) {
                await(Asyncio.sleep(0));
                turns++;
            }
            assertArrayEquals(TlsIT.pattern(length), await(reading));
            assertTrue(turns > length / 100, turns + " turns");
            return Coroutine.done();
        });
    }
}
