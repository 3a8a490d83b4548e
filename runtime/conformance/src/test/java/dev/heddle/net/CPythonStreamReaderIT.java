package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.raised;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import dev.heddle.cpython.Mirrors;
import dev.heddle.testing.MemoryPair;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The tests of {@code StreamReader} in {@code test_streams}. A pair in memory feeds the stream. */
class CPythonStreamReaderIT {

    private static final int LIMIT = 64 * 1024;

    /** A stream that a test feeds. */
    private record Stream(MemoryPair pair) {

        Connection reader() {
            return pair.second();
        }

        Coroutine<Void> feed(String data) throws IOException {
            return pair.first().write(bytes(data));
        }

        Coroutine<Void> end() throws IOException {
            return pair.first().shutdownOutput();
        }

        /** Reads up to {@code count} bytes. */
        @Async
        Coroutine<String> read(int count) throws IOException {
            ByteBuffer target = ByteBuffer.allocate(count);
            int length = await(reader().read(target));
            return Coroutine.of(length < 0 ? "end" : text(target.array()).substring(0, length));
        }

        @Async
        Coroutine<String> exactly(int count) throws IOException {
            return Coroutine.of(text(await(reader().readExactly(count))));
        }

        @Async
        Coroutine<String> until(String separator) throws IOException {
            return Coroutine.of(text(await(reader().readUntil(bytes(separator)))));
        }

        /** Ends the stream, and reads what is left. */
        @Async
        Coroutine<String> rest() throws IOException {
            await(end());
            return Coroutine.of(text(await(reader().readAll(LIMIT))));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void with(int limit, AsyncFunction<Stream, Void> body) throws Exception {
        Loops.run(() -> body.apply(new Stream(MemoryPair.create(limit))));
    }

    private static void with(AsyncFunction<Stream, Void> body) throws Exception {
        with(LIMIT, body);
    }

    // Reading some bytes

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_feed_empty_data",
        "test_streams.StreamTests.test_feed_nonempty_data",
        "test_streams.StreamTests.test_read_zero"
    })
    void feedsAndReadsOfNothing() throws Exception {
        with(stream -> {
            await(stream.feed(""));
            await(stream.feed("data"));
            assertEquals("", await(stream.read(0)));
            assertEquals("data", await(stream.rest()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_read",
        "test_streams.StreamTests.test_read_line_breaks",
        "test_streams.StreamTests.test_read_eof",
        "test_streams.StreamTests.test_read_until_eof"
    })
    void reads() throws Exception {
        with(stream -> {
            Task<String> reading = createTask(stream.read(30));
            await(sleep(0));
            await(stream.feed("line1"));
            assertEquals("line1", await(reading));
            await(stream.feed("line2\nline3"));
            assertEquals("line2", await(stream.read(5)));
            assertEquals("\nline3", await(stream.rest()));
            assertEquals("end", await(stream.read(1024)));
            return Coroutine.done();
        });
        with(stream -> {
            Task<byte[]> reading = createTask(stream.reader().readAll(LIMIT));
            await(sleep(0));
            await(stream.feed("chunk1\n"));
            await(sleep(0));
            await(stream.feed("chunk2"));
            await(stream.end());
            assertEquals("chunk1\nchunk2", text(await(reading)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({"test_streams.StreamTests.test_invalid_limit", "test_streams.StreamTests.test_read_limit"})
    void limits() throws Exception {
        for (int limit : new int[] {0, -1}) {
            Loops.run(() -> {
                assertTrue(assertThrows(IllegalArgumentException.class, () -> MemoryPair.create(limit))
                        .getMessage()
                        .contains("must be positive"));
                return Coroutine.done();
            });
        }
        with(3, stream -> {
            await(stream.feed("chunk"));
            assertEquals("chunk", await(stream.read(5)));
            return Coroutine.done();
        });
    }

    // Lines

    @Test
    @Mirrors("test_streams.StreamTests.test_readline")
    void lineInPieces() throws Exception {
        with(stream -> {
            await(stream.feed("chunk1 "));
            Task<String> reading = createTask(stream.reader().readLine());
            await(sleep(0));
            for (String piece : new String[] {"chunk2 ", "chunk3 ", "\n chunk4"}) {
                await(stream.feed(piece));
                await(sleep(0));
            }
            assertEquals("chunk1 chunk2 chunk3 ", await(reading));
            assertEquals(" chunk4", await(stream.rest()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {
                "test_streams.StreamTests.test_readline_limit_with_existing_data",
                "test_streams.StreamTests.test_readline_limit"
            },
            adapted = "a line that is too long stays in the stream")
    void linesThatAreTooLong() throws Exception {
        with(3, stream -> {
            await(stream.feed("li"));
            await(stream.feed("ne1\nline2\n"));
            await(raised(LimitExceededException.class, stream.reader().readLine()));
            assertEquals("line1\nline2\n", await(stream.rest()));
            return Coroutine.done();
        });
        with(7, stream -> {
            Task<String> reading = createTask(stream.reader().readLine());
            for (String piece : new String[] {"chunk1", "chunk2", "chunk3\n"}) {
                await(stream.feed(piece));
                await(sleep(0));
            }
            await(raised(LimitExceededException.class, reading));
            assertEquals("chunk1chunk2chunk3\n", await(stream.rest()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_readline_nolimit_nowait",
        "test_streams.StreamTests.test_readline_eof",
        "test_streams.StreamTests.test_readline_empty_eof",
        "test_streams.StreamTests.test_readline_read_byte_count"
    })
    void lines() throws Exception {
        with(stream -> {
            await(stream.feed("line1\nline2\nline3\n"));
            assertEquals("line1", await(stream.reader().readLine()));
            assertEquals("line2\nl", await(stream.read(7)));
            assertEquals("ine3", await(stream.reader().readLine()));
            await(stream.feed("some data"));
            await(stream.end());
            assertEquals("some data", await(stream.reader().readLine()));
            assertNull(await(stream.reader().readLine()));
            return Coroutine.done();
        });
    }

    // Separators

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_readuntil_separator",
        "test_streams.StreamTests.test_readuntil_multi_chunks",
        "test_streams.StreamTests.test_readuntil_multi_chunks_1"
    })
    void separators() throws Exception {
        with(stream -> {
            await(raised(IllegalArgumentException.class, stream.until("")));
            for (String piece : new String[] {"lineAAA", "lineAAAxxx", "QWEaa", "XYaa", "aaaa", "xxx"}) {
                await(stream.feed(piece));
                await(sleep(0));
            }
            assertEquals("lineAAA", await(stream.until("AAA")));
            assertEquals("lineAAA", await(stream.until("AAA")));
            assertEquals("xxx", await(stream.until("xxx")));
            assertEquals("QWEaaXYaaa", await(stream.until("aaa")));
            assertEquals("aaa", await(stream.until("aaa")));
            assertEquals("xxx", await(stream.rest()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = "test_streams.StreamTests.test_readuntil_multi_chunks",
            adapted = "a read that has begun before the chunks arrive, too")
    void separatorOverSeveralFeeds() throws Exception {
        with(stream -> {
            Task<String> reading = createTask(stream.until("aaa"));
            for (String piece : new String[] {"QWEaa", "XYaa", "arest"}) {
                await(sleep(0));
                assertFalse(reading.isDone());
                await(stream.feed(piece));
            }
            assertEquals("QWEaaXYaaa", await(reading));
            assertEquals("rest", await(stream.rest()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({"test_streams.StreamTests.test_readuntil_eof", "test_streams.StreamTests.test_readuntil_limit_found_sep"})
    void separatorsThatAreNotFoundInTime() throws Exception {
        with(stream -> {
            await(stream.feed("some dataAA"));
            await(stream.end());
            IncompleteReadException end = await(raised(IncompleteReadException.class, stream.until("AAA")));
            assertEquals("some dataAA", text(end.partial()));
            assertEquals(-1, end.expected());
            assertEquals("", await(stream.rest()));
            return Coroutine.done();
        });
        with(3, stream -> {
            await(stream.feed("some dataAA"));
            await(raised(LimitExceededException.class, stream.until("AAA")));
            await(stream.feed("A"));
            await(raised(LimitExceededException.class, stream.until("AAA")));
            assertEquals("some dataAAA", await(stream.rest()));
            return Coroutine.done();
        });
    }

    // An exact number of bytes

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_readexactly_zero_or_less",
        "test_streams.StreamTests.test_readexactly",
        "test_streams.StreamTests.test_readexactly_limit",
        "test_streams.StreamTests.test_readexactly_eof"
    })
    void exactNumbers() throws Exception {
        with(3, stream -> {
            await(stream.feed("chunk"));
            assertEquals("", await(stream.exactly(0)));
            assertThrows(IllegalArgumentException.class, () -> stream.reader().readExactly(-1));
            assertEquals("chunk", await(stream.exactly(5)));
            Task<String> reading = createTask(stream.exactly(2 * "some data".length()));
            await(sleep(0));
            for (int i = 0; i < 3; i++) {
                await(stream.feed("some data"));
                await(sleep(0));
            }
            assertEquals("some datasome data", await(reading));
            await(stream.end());
            IncompleteReadException end = await(raised(IncompleteReadException.class, stream.exactly(18)));
            assertEquals("some data", text(end.partial()));
            assertEquals(18, end.expected());
            assertTrue(end.getMessage().contains("9 bytes, of 18 that were expected"), end.getMessage());
            assertEquals("", await(stream.rest()));
            return Coroutine.done();
        });
    }

    // Failures

    private static <T> AsyncFunction<Stream, Void> failsAfterALine(AsyncFunction<Stream, T> read) {
        return stream -> {
            await(stream.feed("line\n"));
            assertEquals("line", await(stream.reader().readLine()));
            stream.pair().reset();
            await(raised(ConnectionResetException.class, read.apply(stream)));
            await(raised(ConnectionResetException.class, stream.reader().readLine()));
            return Coroutine.done();
        };
    }

    @Test
    @Mirrors(
            value = {
                "test_streams.StreamTests.test_read_exception",
                "test_streams.StreamTests.test_readline_exception",
                "test_streams.StreamTests.test_readexactly_exception",
                "test_streams.StreamTests.test_exception",
                "test_streams.StreamTests.test_open_connection_error",
                "test_streams.StreamTests.test_open_unix_connection_error"
            },
            adapted = "the failure is that of a transport, as a program sets none")
    void failedStream() throws Exception {
        with(failsAfterALine(stream -> stream.read(2)));
        with(failsAfterALine(stream -> stream.reader().readLine()));
        with(failsAfterALine(stream -> stream.exactly(2)));
        with(failsAfterALine(stream -> stream.until("x")));
        with(failsAfterALine(stream -> stream.reader().readAll(LIMIT)));
    }

    @Test
    @Mirrors({"test_streams.StreamTests.test_exception_waiter", "test_streams.StreamTests.test_exception_cancel"})
    void failureDuringAWait() throws Exception {
        with(stream -> {
            Task<String> reading = createTask(stream.reader().readLine());
            await(sleep(0));
            stream.pair().reset();
            await(raised(ConnectionResetException.class, reading));
            return Coroutine.done();
        });
        with(stream -> {
            Task<String> reading = createTask(stream.reader().readLine());
            await(sleep(0));
            reading.cancel();
            stream.pair().reset();
            await(raised(CancelledError.class, reading));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {
                "test_streams.StreamTests.test_IncompleteReadError_pickleable",
                "test_streams.StreamTests.test_LimitOverrunError_pickleable"
            },
            adapted = "with the serialization of Java")
    void failuresAreSerializable() throws Exception {
        with(3, stream -> {
            await(stream.feed("abcde"));
            LimitExceededException tooLong =
                    await(raised(LimitExceededException.class, stream.reader().readLine()));
            await(stream.end());
            IncompleteReadException end = await(raised(IncompleteReadException.class, stream.exactly(7)));
            LimitExceededException second = copy(tooLong);
            assertEquals(tooLong.getMessage(), second.getMessage());
            assertEquals(3, second.limit());
            assertEquals("abcde", text(copy(end).partial()));
            assertEquals(7, copy(end).expected());
            return Coroutine.done();
        });
    }

    @SuppressWarnings("unchecked") // a copy is of the class of the original
    private static <T> T copy(T original) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(original);
        return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }

    @Test
    @Mirrors({
        "test_streams.StreamTests.test_streamreader_constructor_without_loop",
        "test_streams.StreamTests.test_streamreader_constructor_use_running_loop"
    })
    void streamsBelongToTheRunningLoop() throws Exception {
        assertThrows(IllegalStateException.class, MemoryPair::create);
        with(stream -> {
            assertNotNull(stream.reader().loop);
            assertEquals(dev.heddle.Asyncio.getRunningLoop(), stream.reader().loop);
            return Coroutine.done();
        });
    }
}
