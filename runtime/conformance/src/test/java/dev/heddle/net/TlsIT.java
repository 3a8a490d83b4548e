package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between two connections of one loop, over memory that moves few bytes at a time. */
class TlsIT {

    static final TlsOptions SERVER = TlsOptions.server(TlsKeys.INSTANCE.context(true, "server"));
    static final TlsOptions CLIENT =
            TlsOptions.client(TlsKeys.INSTANCE.context(true)).withServerName("localhost");

    /** Two connections with TLS. */
    record Pair(Connection client, Connection server) {}

    private static MemoryPair memory(int capacity, int most) {
        return MemoryPair.create().capacity(capacity).pieces(most);
    }

    @Async
    static Coroutine<Pair> pair(MemoryPair ends, TlsOptions client, TlsOptions server) throws IOException {
        Pair pair = new Pair(ends.first(), ends.second());
        Task<Void> other = Asyncio.createTask(pair.server().startTls(server));
        await(pair.client().startTls(client));
        await(other);
        return Coroutine.of(pair);
    }

    @Async
    static Coroutine<Pair> pair(int capacity, int most, String version) throws IOException {
        return pair(memory(capacity, most), CLIENT.withProtocols(version), SERVER);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] pattern(int length) {
        byte[] made = new byte[length];
        for (int i = 0; i < length; i++) {
            made[i] = (byte) (i * 31 >> 3);
        }
        return made;
    }

    @Async
    private static Coroutine<Void> talk(int capacity, int most, String version) throws IOException {
        Pair pair = await(pair(capacity, most, version));
        Task<Void> question = Asyncio.createTask(pair.client().write(bytes("one\ntwo\n")));
        assertEquals("one", await(pair.server().readLine()));
        assertEquals("two", await(pair.server().readLine()));
        await(question);
        Task<Void> answer = Asyncio.createTask(pair.server().write(bytes("three\n")));
        assertEquals("three", await(pair.client().readLine()));
        await(answer);
        assertEquals(version, Objects.requireNonNull(pair.client().tlsSession()).getProtocol());
        return close(pair);
    }

    @Async
    private static Coroutine<Void> close(Pair pair) throws IOException {
        Task<Void> closing = Asyncio.createTask(pair.client().closeGracefully());
        assertNull(await(pair.server().readLine()));
        await(pair.server().closeGracefully());
        await(closing);
        return Coroutine.done();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, TLSv1.3",
        "1, 1, TLSv1.2",
        "7, 3, TLSv1.3",
        "7, 3, TLSv1.2",
        "100000, 100000, TLSv1.3",
        "100000, 100000, TLSv1.2"
    })
    void linesComeBackInPiecesOfAnySize(int capacity, int most, String version) throws IOException {
        run(talk(capacity, most, version));
    }

    @Async
    private static Coroutine<byte[]> exchange(Connection connection, byte[] all) throws IOException {
        Task<Void> writing = Asyncio.createTask(connection.write(all));
        byte[] read = await(connection.readExactly(all.length));
        await(writing);
        return Coroutine.of(read);
    }

    @Async
    private static Coroutine<Void> sendMuchBothWays(String version) throws IOException {
        Pair pair = await(pair(50_000, 20_000, version));
        return exchangeMuch(pair);
    }

    @Async
    private static Coroutine<Void> exchangeMuch(Pair pair) throws IOException {
        byte[] much = pattern(300_000);
        Task<byte[]> server = Asyncio.createTask(exchange(pair.server(), much));
        assertArrayEquals(much, await(exchange(pair.client(), much)));
        assertArrayEquals(much, await(server));
        return Coroutine.done();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void muchCrossesInBothDirectionsAtOnce(String version) throws IOException {
        run(sendMuchBothWays(version));
    }

    @Async
    private static Coroutine<Void> writeMany(Connection connection, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            await(connection.write(bytes("line " + i + "\n")));
            if (i % 10 == 0) {
                await(Asyncio.sleep(0));
            }
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sendMany() throws IOException {
        Pair pair = await(pair(1000, 100, "TLSv1.3"));
        Task<Void> writing = Asyncio.createTask(writeMany(pair.client(), 3000));
        for (int i = 0; i < 3000; i++) {
            assertEquals("line " + i, await(pair.server().readLine()));
        }
        await(writing);
        return Coroutine.done();
    }

    @Test
    void thousandsOfSmallMessagesArriveInOrder() throws IOException {
        run(sendMany());
    }

    @Async
    private static Coroutine<Void> halfClose() throws IOException {
        Pair pair = await(pair(10_000, 10_000, "TLSv1.3"));
        await(pair.client().write(bytes("question")));
        await(pair.client().shutdownOutput());
        assertArrayEquals(bytes("question"), await(pair.server().readAll(100)));
        await(pair.server().write(bytes("answer")));
        await(pair.server().shutdownOutput());
        assertArrayEquals(bytes("answer"), await(pair.client().readAll(100)));
        return Coroutine.done();
    }

    @Test
    void afterTheEndOfOneDirectionTheOtherGoesOn() throws IOException {
        run(halfClose());
    }

    @Async
    private static Coroutine<Void> endBoth() throws IOException {
        Pair pair = await(pair(1000, 1000, "TLSv1.2"));
        await(pair.client().shutdownOutput());
        assertEquals(-1, await(pair.server().read(ByteBuffer.allocate(10))));
        try {
            await(pair.server().write(bytes("late")));
            throw new AssertionError("written");
        } catch (SSLException refused) {
            assertTrue(Objects.requireNonNull(refused.getMessage()).contains("ends both directions"));
        }
        assertEquals(-1, await(pair.client().read(ByteBuffer.allocate(10))));
        return Coroutine.done();
    }

    @Test
    void beforeTls13TheEndOfOneDirectionIsThatOfBoth() throws IOException {
        run(endBoth());
    }

    @Async
    private static Coroutine<Void> cutOff(String version) throws IOException {
        MemoryPair ends = memory(1000, 1000);
        Transport belowTls = ends.first().transport;
        Pair pair = await(pair(ends, CLIENT.withProtocols(version), SERVER));
        await(pair.client().write(bytes("part")));
        belowTls.close();
        ByteBuffer target = ByteBuffer.allocate(10);
        assertEquals(4, await(pair.server().read(target)));
        for (int i = 0; i < 2; i++) {
            try {
                await(pair.server().read(target));
                throw new AssertionError("the end was taken for a proper one");
            } catch (TlsTruncatedException expected) {
                assertTrue(Objects.requireNonNull(expected.getMessage()).contains("close_notify"));
            }
        }
        return Coroutine.done();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anEndWithoutTheClosingMessageIsAFailure(String version) throws IOException {
        run(cutOff(version));
    }

    /** The server's tickets find no room, as the client never reads; what the client has sent before it closes is read all the same. */
    @Async
    private static Coroutine<Void> closeWithoutReading() throws IOException {
        Pair pair = await(pair(memory(100, 50), CLIENT, SERVER));
        Task<Void> writing = Asyncio.createTask(pair.client().write(bytes("question")));
        await(writing);
        pair.client().close();
        await(Asyncio.sleep(0));
        await(Asyncio.sleep(0));
        assertEquals("question", new String(await(pair.server().readExactly(8)), StandardCharsets.UTF_8));
        assertEquals(-1, await(pair.server().read(ByteBuffer.allocate(1))));
        try {
            await(pair.server().write(bytes("answer")));
            throw new AssertionError("written");
        } catch (ConnectionResetException expected) {
            // The client is gone.
        }
        return Coroutine.done();
    }

    @Test
    void brokenOutputDoesNotEndTheInput() throws IOException {
        run(closeWithoutReading());
    }

    @Async
    private static Coroutine<Void> writeInRecords(Connection connection, byte[] all, int size) throws IOException {
        for (int i = 0; i < all.length; i += size) {
            await(connection.write(Arrays.copyOfRange(all, i, i + size)));
            await(Asyncio.sleep(0));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> cancelReads(int most) throws IOException {
        Pair pair = await(pair(100, most, "TLSv1.3"));
        byte[] all = pattern(5_000);
        Task<Void> writing = Asyncio.createTask(writeInRecords(pair.client(), all, 50));
        ByteBuffer got = ByteBuffer.allocate(all.length);
        int cancelled = 0;
        for (int turns = 0; got.hasRemaining(); turns = (turns + 1) % 5) {
            Task<byte[]> reading = Asyncio.createTask(pair.server().readExactly(Math.min(70, got.remaining())));
            for (int i = 0; i < turns; i++) {
                await(Asyncio.sleep(0));
            }
            if (turns < 4) {
                reading.cancel();
            }
            try {
                got.put(await(reading));
            } catch (CancelledError expected) {
                cancelled++;
            }
        }
        await(writing);
        assertArrayEquals(all, got.array());
        assertTrue(cancelled > 40, "only " + cancelled);
        return Coroutine.done();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 100})
    void aCancelledReadLosesNothing(int most) throws IOException {
        run(cancelReads(most));
    }

    @Async
    private static Coroutine<Void> cancelWrite() throws IOException {
        Pair pair = await(pair(100, 100, "TLSv1.3"));
        byte[] all = pattern(40_000);
        Task<Void> writing = Asyncio.createTask(pair.client().write(all));
        await(Asyncio.sleep(0));
        await(Asyncio.sleep(0));
        writing.cancel();
        try {
            await(writing);
            throw new AssertionError("written");
        } catch (CancelledError expected) {
            // The record that was begun arrives whole, although nobody writes any more.
        }
        byte[] whole = await(pair.server().readExactly(16_000));
        assertArrayEquals(Arrays.copyOf(all, 16_000), whole);
        return Coroutine.done();
    }

    @Test
    void aCancelledWriteLeavesNoHalfRecord() throws IOException {
        run(cancelWrite());
    }

    @Async
    private static Coroutine<Void> negotiate() throws IOException {
        Pair pair = await(pair(
                memory(1000, 1000),
                CLIENT.withApplicationProtocols("h2", "http/1.1"),
                SERVER.withApplicationProtocols("http/1.1")));
        assertEquals("http/1.1", pair.client().applicationProtocol());
        assertEquals("http/1.1", pair.server().applicationProtocol());
        return Coroutine.done();
    }

    @Test
    void theApplicationProtocolIsNegotiated() throws IOException {
        run(negotiate());
    }

    @Async
    private static Coroutine<Void> nest() throws IOException {
        Pair pair = await(pair(1000, 1000, "TLSv1.3"));
        Task<Void> other = Asyncio.createTask(pair.server().startTls(SERVER));
        await(pair.client().startTls(CLIENT));
        await(other);
        await(exchangeMuch(pair));
        return close(pair);
    }

    @Test
    void tlsWorksOverTls() throws IOException {
        run(nest());
    }

    @Async
    private static Coroutine<Void> upgrade() throws IOException {
        MemoryPair ends = memory(4000, 4000);
        Connection client = ends.first();
        Connection server = ends.second();
        await(client.write(bytes("STARTTLS\n")));
        Task<Void> own = Asyncio.createTask(client.startTls(CLIENT));
        await(Asyncio.sleep(0));
        await(Asyncio.sleep(0));
        assertEquals("STARTTLS", await(server.readLine())); // the hello of the client is in the same buffer
        await(server.startTls(SERVER));
        await(own);
        await(client.write(bytes("secret\n")));
        assertEquals("secret", await(server.readLine()));
        return Coroutine.done();
    }

    @Test
    void bytesThatHaveArrivedBeforeGoToTls() throws IOException {
        run(upgrade());
    }

    @Async
    private static Coroutine<Void> noName() throws IOException {
        MemoryPair ends = memory(4000, 4000);
        Connection client = ends.first();
        try {
            await(client.startTls(TlsOptions.client()));
            throw new AssertionError("not refused");
        } catch (IllegalArgumentException refused) {
            assertTrue(Objects.requireNonNull(refused.getMessage()).contains("withServerName"));
        }
        assertFalse(client.isClosed());
        await(client.write(bytes("plain\n")));
        assertEquals("plain", await(ends.second().readLine()));
        return Coroutine.done();
    }

    @Test
    void withoutANameNothingHasBegun() throws IOException {
        run(noName());
        assertNotNull(TlsOptions.client().toString());
    }
}
