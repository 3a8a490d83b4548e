package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS over sockets whose bytes arrive in pieces: records that are split at every position, and many records at once. */
@Timeout(300)
class TlsSegmentsIT {

    private static final byte[] INPUT = SegmentsIT.INPUT;
    private static final TlsOptions SERVER = TlsIT.SERVER;
    private static final TlsOptions CLIENT = TlsIT.CLIENT;

    /** What {@link SegmentsIT#mixed} reads. */
    private static final List<String> MIXED = List.of("ab", "\n", "ä€😀\r", "x--", "y--", "-z;", ";;last");

    /** Lets readers see a part of a stream as a whole one, so that the connection below can be used for many. */
    private static final class Excerpt extends ForwardingTransport {

        private int rest;

        Excerpt(Transport below, int length) {
            super(below);
            this.rest = length;
        }

        @Override
        protected int read(ByteBuffer target) throws IOException {
            if (rest == 0) {
                return -1;
            }
            int end = target.limit();
            int count;
            try {
                count = super.read(target.limit(Math.min(end, target.position() + rest)));
            } finally {
                target.limit(end);
            }
            rest -= Math.max(count, 0);
            return count;
        }
    }

    /** A client and a server whose bytes are relayed in both directions. */
    private record Ends(RawPeer near, RawPeer far, Relay forth, Relay back) implements AutoCloseable {

        @Async
        static Coroutine<Ends> join() throws IOException {
            RawPeer near = await(RawPeer.join(RawPeer.Side.CONNECTED));
            RawPeer far = await(RawPeer.join(RawPeer.Side.ACCEPTED));
            CountingTransport client = CountingTransport.of(near.connection);
            CountingTransport server = CountingTransport.of(far.connection);
            Relay forth = new Relay(near, client, far, server);
            Relay back = new Relay(far, server, near, client);
            return Coroutine.of(new Ends(near, far, forth, back));
        }

        Connection client() {
            return near.connection;
        }

        Connection server() {
            return far.connection;
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
        }
    }

    // Records of data

    /** Joins two ends, and makes their handshake. */
    @Async
    private static Coroutine<Ends> shaken(String version) throws IOException {
        Ends ends = await(Ends.join());
        Task<Void> server = createTask(ends.server().startTls(SERVER));
        Task<Void> client = createTask(ends.client().startTls(CLIENT.withProtocols(version)));
        while (!server.isDone() || !client.isDone()) {
            await(ends.forth().passWhatWasSent());
            await(ends.back().passWhatWasSent());
            await(sleep(0));
        }
        await(client);
        await(server);
        await(ends.back().passWhatWasSent()); // the tickets
        return Coroutine.of(ends);
    }

    /** Sends the input in records, and reads it. */
    @Async
    private static Coroutine<List<String>> read(
            SegmentsIT.Reading reading, Connection from, Connection to, Relay relay, int size) throws Exception {
        Connection part = Connection.over(new Excerpt(to.transport, INPUT.length));
        Task<List<String>> task = createTask(reading.body().apply(part));
        for (int begin = 0; begin < INPUT.length; begin += size) {
            from.transport.write(ByteBuffer.wrap(INPUT, begin, Math.min(size, INPUT.length - begin)));
        }
        assertTrue(from.transport.flush());
        await(relay.passWhatWasSent());
        return Coroutine.of(await(task));
    }

    /** Returns what is read without TLS. */
    @Async
    private static Coroutine<List<String>> readPlain(SegmentsIT.Reading reading) throws Exception {
        MemoryPair pair = MemoryPair.create();
        await(pair.first().write(INPUT));
        pair.first().close();
        return reading.body().apply(pair.second());
    }

    /** Joins a sender with a receiver, and lets {@code body} send to it. */
    @Async
    private static Coroutine<Void> withEnds(String version, boolean forth, Sweep body) throws Exception {
        try (Ends ends = await(shaken(version))) {
            Connection from = forth ? ends.client() : ends.server();
            Connection to = forth ? ends.server() : ends.client();
            Relay relay = forth ? ends.forth() : ends.back();
            for (SegmentsIT.Reading reading : SegmentsIT.READINGS) {
                List<String> expected = await(readPlain(reading));
                await(body.apply(relay, size -> expect(expected, reading, from, to, relay, size)));
            }
        }
        return Coroutine.done();
    }

    /** Sends the input over a relay again and again. */
    private interface Sweep {
        Coroutine<Void> apply(Relay relay, AsyncFunction<Integer, Integer> sending) throws Exception;
    }

    /** Sends the input in records of {@code size} bytes, and checks what is read. Returns how long the records are. */
    @Async
    private static Coroutine<Integer> expect(
            List<String> expected, SegmentsIT.Reading reading, Connection from, Connection to, Relay relay, int size)
            throws Exception {
        int begin = relay.passed();
        assertEquals(expected, await(read(reading, from, to, relay, size)), () -> reading.name() + " " + relay);
        return Coroutine.of(relay.passed() - begin);
    }

    @Async
    private static Coroutine<Void> splitEverywhere(
            Relay relay, AsyncFunction<Integer, Integer> sending, AtomicInteger cases) throws Exception {
        int length = await(sending.apply(13));
        for (int split = 1; split < length; split++) {
            relay.cutAt(relay.passed() + split);
            await(sending.apply(13));
            cases.incrementAndGet();
        }
        return Coroutine.done();
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false"})
    void everySplitOfTheRecordsGivesTheSameResult(String version, boolean forth) {
        AtomicInteger cases = new AtomicInteger();
        run(() -> withEnds(version, forth, (relay, sending) -> splitEverywhere(relay, sending, cases)));
        assertTrue(cases.get() > 100 * SegmentsIT.READINGS.size(), cases::toString);
    }

    /** The records are of one byte each, of several, and one for everything; they come byte by byte, and all at once. */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false"})
    void recordsOfAnySizeGiveTheSameResult(String version, boolean forth) {
        run(() -> withEnds(version, forth, TlsSegmentsIT::inSegments));
    }

    @Async
    private static Coroutine<Void> inSegments(Relay relay, AsyncFunction<Integer, Integer> sending) throws Exception {
        for (int segment : new int[] {1, Integer.MAX_VALUE}) {
            relay.inPieces(segment);
            for (int size : new int[] {1, 7, INPUT.length}) {
                await(sending.apply(size));
            }
        }
        return Coroutine.done();
    }

    // Whole conversations

    /** Prepares the relays of a conversation. */
    private interface Preparation {
        void prepare(Ends ends);
    }

    private static byte[] text(String text) {
        return text.getBytes();
    }

    /** Reads the input in several ways, and answers, if the end of the client's output is not that of both. */
    @Async
    private static Coroutine<List<String>> serve(Connection server, boolean answering) throws IOException {
        await(server.startTls(SERVER));
        List<String> read = await(SegmentsIT.mixed(server));
        if (answering) {
            await(server.write(text("an answer\n")));
            await(sleep(0));
            await(server.write(text("in two records")));
        }
        await(server.closeGracefully());
        return Coroutine.of(read);
    }

    /** Talks over relays that were prepared, and returns the number of bytes forth and back. */
    @Async
    private static Coroutine<int[]> converse(String version, boolean atOnce, Preparation preparation)
            throws IOException {
        boolean answering = version.equals("TLSv1.3");
        try (Ends ends = await(Ends.join())) {
            preparation.prepare(ends);
            Task<Void> forth = createTask(ends.forth().run());
            Task<Void> back = createTask(ends.back().run());
            Task<List<String>> serving = createTask(serve(ends.server(), answering));
            Connection client = ends.client();
            await(client.startTls(CLIENT.withProtocols(version)));
            ends.forth().hold(atOnce);
            ends.back().hold(atOnce);
            for (int i = 0; i < INPUT.length; i += 7) {
                await(client.write(Arrays.copyOfRange(INPUT, i, Math.min(i + 7, INPUT.length))));
                await(sleep(0));
            }
            await(client.shutdownOutput());
            assertEquals(answering ? "an answer\nin two records" : "", new String(await(client.readAll(100))));
            assertEquals(MIXED, await(serving));
            client.close();
            await(forth);
            await(back);
            return Coroutine.of(new int[] {ends.forth().passed(), ends.back().passed()});
        }
    }

    /** Splits the bytes of both directions at every {@code stride}-th position, and returns the number of positions. */
    @Async
    private static Coroutine<Integer> converseEverywhere(String version, int stride) throws IOException {
        int[] lengths = await(converse(version, false, ends -> {}));
        int most = Math.max(lengths[0], lengths[1]);
        int cases = 0;
        for (int split = 1; split < most; split += stride) {
            int position = split;
            await(converse(version, false, ends -> {
                ends.forth().cutAt(position);
                ends.back().cutAt(position);
            }));
            cases++;
        }
        return Coroutine.of(cases);
    }

    private static void split(String version, int stride) {
        int cases = run(() -> converseEverywhere(version, stride));
        assertTrue(cases * stride > 1000, cases + " cases");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSplitOfAConversationChangesNothing(String version) {
        split(version, 211);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void manySplitsOfAConversationChangeNothing(String version) {
        split(version, 13);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void everySplitOfAConversationChangesNothing(String version) {
        split(version, 1);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, 1", "TLSv1.2, 2", "TLSv1.2, 7", "TLSv1.3, 1", "TLSv1.3, 2", "TLSv1.3, 7"})
    void conversationsInSmallPiecesAreTheSame(String version, int piece) {
        run(() -> converse(version, false, ends -> {
            ends.forth().inPieces(piece);
            ends.back().inPieces(piece);
        }));
    }

    /** The end of the handshake, the data and the end of the stream are one segment. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void conversationsInOneSegmentAreTheSame(String version) {
        run(() -> converse(version, true, ends -> {}));
    }
}
