package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.raised;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The tests of transports in {@code test_selector_events} and {@code test_unix_events}, where a mock takes the place of the socket or pipe. Here a connection
 * has a transport that does as the test says.
 */
class CPythonTransportsIT {

    /** Takes and gives as many bytes as the test has said, and records what happens. */
    private static final class Script extends Transport {

        /** How many bytes the next writes take: an Integer or an IOException. After these, all. */
        final Deque<Object> taken = new ArrayDeque<>();

        /** What the next reads return: a String, "" if there is nothing yet, or an IOException. After these, the end of the stream. */
        final Deque<Object> given = new ArrayDeque<>();

        final List<String> events = new ArrayList<>();
        private @Nullable Future<Void> ready;

        /** Lets those go on who wait. */
        void signal() {
            Future<Void> waiting = ready;
            if (waiting != null && !waiting.isDone()) {
                waiting.setResult(null);
            }
        }

        @Async
        private Coroutine<Void> waiting(String operation) {
            events.add("waits to " + operation);
            ready = getRunningLoop().createFuture();
            await(ready);
            return Coroutine.done();
        }

        @Override
        protected int read(ByteBuffer target) throws IOException {
            Object next = given.poll();
            if (next instanceof IOException failure) {
                throw failure;
            }
            byte[] bytes = bytes((String) next);
            target.put(bytes);
            return next == null ? -1 : bytes.length;
        }

        @Override
        protected Coroutine<Void> readable() {
            return waiting("read");
        }

        @Override
        protected void write(ByteBuffer source) throws IOException {
            Object next = taken.poll();
            if (next instanceof IOException failure) {
                throw failure;
            }
            byte[] bytes = new byte[next instanceof Integer count ? count : source.remaining()];
            source.get(bytes);
            events.add("takes " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        protected Coroutine<Void> writable() {
            return waiting("write");
        }

        @Override
        protected void shutdownOutput() {
            events.add("ends");
        }

        @Override
        protected void close() {
            events.add("closes");
            signal();
        }
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    private static void with(Script script, AsyncFunction<Connection, Void> body) throws Exception {
        Loops.run(() -> body.apply(Connection.over(script)));
    }

    @Test
    @Mirrors({
        "test_selector_events.SelectorSocketTransportTests.test_write",
        "test_selector_events.SelectorSocketTransportTests.test_write_ready",
        "test_selector_events.SelectorSocketTransportTests.test_write_no_data",
        "test_selector_events.SelectorSocketTransportTests.test_write_ready_no_data",
        "test_unix_events.UnixWritePipeTransportTests.test_write",
        "test_unix_events.UnixWritePipeTransportTests.test_write_no_data",
        "test_unix_events.UnixWritePipeTransportTests.test__write_ready"
    })
    void writesWithoutWaiting() throws Exception {
        Script script = new Script();
        with(script, connection -> {
            await(connection.write(bytes("data")));
            assertEquals(List.of("takes data"), script.events);
            await(sleep(0));
            await(connection.write(new byte[0]));
            await(sleep(0));
            assertEquals(List.of("takes data"), script.events);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_selector_events.SelectorSocketTransportTests.test_write_buffer",
        "test_selector_events.SelectorSocketTransportTests.test_write_partial",
        "test_selector_events.SelectorSocketTransportTests.test_write_partial_none",
        "test_selector_events.SelectorSocketTransportTests.test_write_tryagain",
        "test_selector_events.SelectorSocketTransportTests.test_write_ready_partial",
        "test_selector_events.SelectorSocketTransportTests.test_write_ready_partial_none",
        "test_selector_events.SelectorSocketTransportTests.test_write_ready_tryagain",
        "test_unix_events.UnixWritePipeTransportTests.test_write_partial",
        "test_unix_events.UnixWritePipeTransportTests.test_write_buffer",
        "test_unix_events.UnixWritePipeTransportTests.test_write_again",
        "test_unix_events.UnixWritePipeTransportTests.test__write_ready_partial",
        "test_unix_events.UnixWritePipeTransportTests.test__write_ready_again",
        "test_unix_events.UnixWritePipeTransportTests.test__write_ready_empty"
    })
    void writesInParts() throws Exception {
        Script script = new Script();
        script.taken.addAll(List.of(2, 0, 1));
        with(script, connection -> {
            Task<Void> writing = createTask(connection.write(bytes("data")));
            for (int waits = 0; waits < 3; waits++) {
                await(sleep(0));
                await(sleep(0));
                assertFalse(writing.isDone());
                script.signal();
            }
            await(writing);
            assertEquals(
                    List.of(
                            "takes da",
                            "waits to write",
                            "takes ",
                            "waits to write",
                            "takes t",
                            "waits to write",
                            "takes a"),
                    script.events);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {
                "test_selector_events.SelectorSocketTransportTests.test_write_sendmsg_full",
                "test_selector_events.SelectorSocketTransportTests.test_writelines_sendmsg_full",
                "test_selector_events.SelectorSocketTransportTests.test_writelines_send_full",
                "test_selector_events.SelectorSocketTransportTests.test_write_sendmsg_no_data",
                "test_selector_events.SelectorSocketTransportTests.test_write_sendmsg_partial",
                "test_selector_events.SelectorSocketTransportTests.test_writelines_sendmsg_partial",
                "test_selector_events.SelectorSocketTransportTests.test_writelines_send_partial",
                "test_selector_events.SelectorSocketTransportTests.test_write_sendmsg_half_buffer",
                "test_transports.TransportTests.test_writelines"
            },
            adapted = "small writes of one turn are gathered")
    void smallWritesAreGathered() throws Exception {
        Script script = new Script();
        script.taken.addAll(List.of(2, 1));
        with(script, connection -> {
            for (String each : List.of("ab", "cd", "ef")) {
                await(connection.write(bytes(each)));
            }
            assertEquals(List.of("takes ab"), script.events);
            await(createTask(connection.shutdownOutput())); // in the next turn, after what is gathered
            assertEquals(List.of("takes ab", "takes c", "takes def", "ends"), script.events);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {
                "test_selector_events.SelectorSocketTransportTests.test_write_exception",
                "test_selector_events.SelectorSocketTransportTests.test_write_ready_exception",
                "test_selector_events.SelectorSocketTransportTests.test_write_sendmsg_OSError",
                "test_selector_events.SelectorTransportTests.test_fatal_error",
                "test_selector_events.SelectorTransportTests.test_fatal_error_custom_exception",
                "test_unix_events.UnixWritePipeTransportTests.test_write_err",
                "test_unix_events.UnixWritePipeTransportTests.test__write_ready_err"
            },
            adapted = "the coroutine that writes gets the failure, and closes the connection")
    void failedWrites() throws Exception {
        IOException failure = new IOException("test");
        Script script = new Script();
        script.taken.addAll(List.of(failure, 2, failure));
        with(script, connection -> {
            assertSame(failure, await(raised(IOException.class, connection.write(bytes("data")))));
            await(sleep(0));
            Task<Void> writing = createTask(connection.write(bytes("data")));
            await(sleep(0));
            await(sleep(0));
            script.signal();
            assertSame(failure, await(raised(IOException.class, writing)));
            connection.close();
            return Coroutine.done();
        });
        assertEquals(List.of("takes da", "waits to write", "closes"), script.events);
    }

    @Test
    @Mirrors({
        "test_selector_events.SelectorSocketTransportTests.test_write_eof",
        "test_selector_events.SelectorSocketTransportTests.test_write_eof_buffer",
        "test_unix_events.UnixWritePipeTransportTests.test_write_eof",
        "test_unix_events.UnixWritePipeTransportTests.test_can_write_eof"
    })
    void outputEndsAfterEverythingIsWritten() throws Exception {
        Script script = new Script();
        script.taken.addAll(List.of(1, 0, 0));
        with(script, connection -> {
            await(connection.write(bytes("a")));
            await(connection.write(bytes("b"))); // gathered
            Task<Void> ending = createTask(connection.shutdownOutput());
            for (int turns = 0; turns < 5; turns++) {
                await(sleep(0));
            }
            assertTrue(script.events.contains("waits to write"));
            script.signal();
            await(ending);
            await(connection.shutdownOutput());
            assertEquals("takes b", script.events.get(script.events.size() - 2));
            assertEquals("ends", script.events.get(script.events.size() - 1));
            await(raised(ConnectionClosedException.class, connection.write(bytes("late"))));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_selector_events.SelectorSocketTransportTests.test_write_closing",
        "test_selector_events.SelectorSocketTransportTests.test_write_ready_closing",
        "test_selector_events.SelectorSocketTransportTests.test_write_eof_after_close",
        "test_selector_events.SelectorSocketTransportTests.test_transport_close_remove_writer",
        "test_selector_events.SelectorTransportTests.test_abort",
        "test_selector_events.SelectorTransportTests.test_close",
        "test_selector_events.SelectorTransportTests.test_close_write_buffer",
        "test_selector_events.SelectorTransportTests.test_force_close",
        "test_unix_events.UnixWritePipeTransportTests.test_abort",
        "test_unix_events.UnixWritePipeTransportTests.test_close",
        "test_unix_events.UnixWritePipeTransportTests.test_close_closing",
        "test_unix_events.UnixWritePipeTransportTests.test_write_close",
        "test_unix_events.UnixWritePipeTransportTests.test__write_ready_closing",
        "test_unix_events.UnixReadPipeTransportTests.test_close",
        "test_unix_events.UnixReadPipeTransportTests.test_close_already_closing"
    })
    void closingDropsWhatIsNotWritten() throws Exception {
        Script script = new Script();
        script.taken.add(2);
        with(script, connection -> {
            Task<Void> writing = createTask(connection.write(bytes("data")));
            await(sleep(0));
            await(sleep(0));
            connection.close();
            connection.close();
            await(raised(ConnectionClosedException.class, writing));
            await(raised(ConnectionClosedException.class, connection.write(bytes("late"))));
            await(raised(ConnectionClosedException.class, connection.shutdownOutput()));
            assertEquals(List.of("takes da", "waits to write", "closes"), script.events);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_selector_events.SelectorSocketTransportTests.test_read_ready",
        "test_selector_events.SelectorSocketTransportTests.test_read_ready_eof",
        "test_selector_events.SelectorSocketTransportTests.test_read_ready_eof_keep_open",
        "test_selector_events.SelectorSocketTransportTests.test_read_ready_tryagain",
        "test_selector_events.SelectorSocketTransportTests.test_read_ready_tryagain_interrupted",
        "test_selector_events.SelectorSocketTransportBufferedProtocolTests.test_read_ready",
        "test_selector_events.SelectorSocketTransportBufferedProtocolTests.test_read_ready_eof",
        "test_selector_events.SelectorSocketTransportBufferedProtocolTests.test_read_ready_eof_keep_open",
        "test_selector_events.SelectorSocketTransportBufferedProtocolTests.test_read_ready_tryagain",
        "test_selector_events.SelectorSocketTransportBufferedProtocolTests.test_read_ready_tryagain_interrupted",
        "test_unix_events.UnixReadPipeTransportTests.test__read_ready",
        "test_unix_events.UnixReadPipeTransportTests.test__read_ready_eof",
        "test_unix_events.UnixReadPipeTransportTests.test__read_ready_blocked"
    })
    void reads() throws Exception {
        Script script = new Script();
        script.given.addAll(List.of("da", "", "", "ta"));
        with(script, connection -> {
            Task<byte[]> reading = createTask(connection.readAll(100));
            for (int waits = 0; waits < 2; waits++) {
                await(sleep(0));
                await(sleep(0));
                assertFalse(reading.isDone());
                script.signal();
            }
            assertEquals("data", new String(await(reading), StandardCharsets.UTF_8));
            assertEquals(List.of("waits to read", "waits to read"), script.events);
            assertFalse(connection.isClosed());
            await(connection.write(bytes("still open")));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {
                "test_selector_events.SelectorSocketTransportTests.test_read_ready_conn_reset",
                "test_selector_events.SelectorSocketTransportTests.test_read_ready_err",
                "test_selector_events.SelectorSocketTransportBufferedProtocolTests.test_read_ready_conn_reset",
                "test_selector_events.SelectorSocketTransportBufferedProtocolTests.test_read_ready_err",
                "test_unix_events.UnixReadPipeTransportTests.test__read_ready_error"
            },
            adapted = "the coroutine that reads gets the failure, and closes the connection")
    void failedReads() throws Exception {
        IOException failure = new IOException("test");
        Script script = new Script();
        script.given.addAll(List.of("da", "", failure));
        with(script, connection -> {
            Task<byte[]> reading = createTask(connection.readExactly(4));
            await(sleep(0));
            await(sleep(0));
            script.signal();
            assertSame(failure, await(raised(IOException.class, reading)));
            assertEquals("da", new String(await(connection.readExactly(2)), StandardCharsets.UTF_8));
            assertTrue(script.events.contains("waits to read"));
            return Coroutine.done();
        });
    }
}
