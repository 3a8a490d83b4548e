package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every read operation gets its bytes in pieces, which are split at every position. */
@Timeout(60)
class SegmentsIT {

    /** Several lines and fields, with separators that begin like themselves, and letters of several bytes. */
    static final byte[] INPUT = "ab\r\n\nä€😀\r\r\nx--y---z;;;last".getBytes(StandardCharsets.UTF_8);

    /** Reads everything, and returns a text of what it got. */
    record Reading(String name, AsyncFunction<Connection, List<String>> body) {}

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Async
    private static Coroutine<List<String>> lines(Connection connection) throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        while ((line = await(connection.readLine())) != null) {
            lines.add(line);
        }
        return Coroutine.of(lines);
    }

    @Async
    private static Coroutine<List<String>> fields(Connection connection, String separator) throws IOException {
        List<String> fields = new ArrayList<>();
        try {
            while (true) {
                fields.add(text(await(connection.readUntil(separator.getBytes(StandardCharsets.UTF_8)))));
            }
        } catch (IncompleteReadException end) {
            fields.add(text(end.partial()));
        }
        return Coroutine.of(fields);
    }

    @Async
    private static Coroutine<List<String>> blocks(Connection connection, int size) throws IOException {
        List<String> blocks = new ArrayList<>();
        try {
            while (true) {
                blocks.add(text(await(connection.readExactly(size))));
            }
        } catch (IncompleteReadException end) {
            blocks.add(text(end.partial()));
        }
        return Coroutine.of(blocks);
    }

    /** Returns what was read in one piece, since its parts depend on the pieces. */
    @Async
    private static Coroutine<List<String>> some(Connection connection, int size) throws IOException {
        StringBuilder all = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(size);
        while (await(connection.read(buffer.clear())) >= 0) {
            all.append(text(Arrays.copyOf(buffer.array(), buffer.position())));
        }
        return Coroutine.of(List.of(all.toString()));
    }

    /** Operations of all kinds, in turns. */
    @Async
    static Coroutine<List<String>> mixed(Connection connection) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(String.valueOf(await(connection.readLine())));
        parts.add(text(await(connection.readExactly(1))));
        parts.add(String.valueOf(await(connection.readLine())));
        parts.add(text(await(connection.readUntil("--".getBytes()))));
        parts.add(text(await(connection.readExactly(3))));
        parts.add(text(await(connection.readUntil(";".getBytes()))));
        parts.add(text(await(connection.readAll(100))));
        return Coroutine.of(parts);
    }

    static final List<Reading> READINGS = List.of(
            new Reading("readLine", SegmentsIT::lines),
            new Reading("readUntil of 1", connection -> fields(connection, "-")),
            new Reading("readUntil of 2", connection -> fields(connection, "--")),
            new Reading("readUntil of 3", connection -> fields(connection, "\r\r\n")),
            new Reading("readExactly of 1", connection -> blocks(connection, 1)),
            new Reading("readExactly of 7", connection -> blocks(connection, 7)),
            new Reading("read of 1", connection -> some(connection, 1)),
            new Reading("read of 64", connection -> some(connection, 64)),
            new Reading("readAll", connection -> {
                byte[] all = await(connection.readAll(INPUT.length));
                return Coroutine.of(List.of(text(all)));
            }),
            new Reading("mixed", SegmentsIT::mixed));

    /** Reads {@link #INPUT}, which arrives in pieces that end at {@code ends}. */
    @Async
    private static Coroutine<List<String>> read(Reading reading, int... ends) throws Exception {
        try (RawPeer peer = await(RawPeer.join(RawPeer.Side.CONNECTED))) {
            CountingTransport counting = new CountingTransport(peer.connection.transport);
            Task<List<String>> task = createTask(reading.body().apply(Connection.over(counting)));
            int begin = 0;
            for (int end : ends) {
                peer.send(Arrays.copyOfRange(INPUT, begin, end));
                begin = end;
                while (counting.read() < end) {
                    await(sleep(0));
                }
                await(sleep(0));
            }
            peer.socket.shutdownOutput();
            return Coroutine.of(await(task));
        }
    }

    private static final int[] ONE_BYTE_EACH =
            IntStream.rangeClosed(1, INPUT.length).toArray();

    @Test
    void everySplitGivesTheSameResult() {
        int[] cases = {0};
        run(() -> {
            for (Reading reading : READINGS) {
                List<String> whole = await(read(reading, INPUT.length));
                for (int split = 1; split < INPUT.length; split++) {
                    assertEquals(whole, await(read(reading, split, INPUT.length)), reading.name() + " at " + split);
                    cases[0]++;
                }
                assertEquals(whole, await(read(reading, ONE_BYTE_EACH)), reading.name() + " byte by byte");
                cases[0]++;
            }
            return Coroutine.done();
        });
        assertEquals(READINGS.size() * INPUT.length, cases[0]);
    }

    @Test
    void wholeInputIsReadAsItShould() {
        run(() -> {
            List<String> lines = List.of("ab", "", "ä€😀\r", "x--y---z;;;last");
            assertEquals(lines, await(read(READINGS.get(0), INPUT.length)));
            List<String> mixed = await(read(READINGS.get(9), INPUT.length));
            assertEquals(List.of("ab", "\n", "ä€😀\r"), mixed.subList(0, 3));
            assertEquals(List.of("x--", "y--", "-z;", ";;last"), mixed.subList(3, 7));
            return Coroutine.done();
        });
    }
}
