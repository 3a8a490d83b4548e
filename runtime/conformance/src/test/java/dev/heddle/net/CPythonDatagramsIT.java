package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.net.DatagramNetwork.bytes;
import static dev.heddle.net.DatagramNetwork.next;
import static dev.heddle.net.DatagramNetwork.turns;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The tests of the transport of datagrams in {@code test_selector_events}, where a mock takes the place of the socket. Here a {@link Datagram} has a transport
 * that does as the test says.
 */
class CPythonDatagramsIT {

    private static final SocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1234);

    /** Takes and gives datagrams as the test has said, and records what happens. */
    private static final class Script extends DatagramTransport {

        /** What becomes of the next sends: false if there is no room, or an IOException. After these, all are taken. */
        final Deque<Object> taken = new ArrayDeque<>();

        /** What the next receives return: a String, false if there is nothing, or an IOException. After these, nothing. */
        final Deque<Object> given = new ArrayDeque<>();

        final List<String> events = new ArrayList<>();
        private final @Nullable SocketAddress remote;
        private boolean closed;
        private @Nullable Future<Void> ready;

        Script(@Nullable SocketAddress remote) {
            this.remote = remote;
        }

        /** Ends the wait. */
        void signal() {
            Future<Void> waiting = ready;
            if (waiting != null && !waiting.isDone()) {
                waiting.setResult(null);
            }
        }

        @Async
        private Coroutine<Void> waiting(String operation) {
            events.add("waits to " + operation);
            Future<Void> waiting = getRunningLoop().createFuture();
            ready = waiting;
            await(waiting);
            return Coroutine.done();
        }

        @Override
        protected boolean send(ByteBuffer source, SocketAddress target) throws IOException {
            Object next = taken.poll();
            if (next instanceof IOException failure) {
                throw failure;
            }
            if (next != null) {
                return false;
            }
            events.add("sends " + UTF_8.decode(source));
            return true;
        }

        @Override
        protected Coroutine<Void> writable() {
            return waiting("send");
        }

        @Override
        protected @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
            Object next = given.poll();
            if (next instanceof IOException failure) {
                throw failure;
            }
            if (next instanceof String text) {
                target.put(bytes(text));
                return PEER;
            }
            return null;
        }

        @Override
        protected Coroutine<Void> readable() {
            return waiting("receive");
        }

        @Override
        protected boolean isOpen() {
            return !closed;
        }

        @Override
        protected void close() {
            closed = true;
            events.add("closes");
            signal();
        }

        @Override
        protected @Nullable SocketAddress localAddress() {
            return null;
        }

        @Override
        protected @Nullable SocketAddress remoteAddress() {
            return remote;
        }
    }

    private static void with(Script script, AsyncFunction<Datagram, Void> body) throws Exception {
        Loops.run(() -> body.apply(Datagram.over(script)));
    }

    @Test
    @Mirrors({
        "test_selector_events.SelectorDatagramTransportTests.test_sendto_tryagain",
        "test_selector_events.SelectorDatagramTransportTests.test_sendto_ready",
        "test_selector_events.SelectorDatagramTransportTests.test_sendto_ready_tryagain"
    })
    void sendsOnceThereIsRoom() throws Exception {
        Script script = new Script(null);
        script.taken.addAll(List.of(false, false));
        with(script, datagram -> {
            ByteBuffer source = bytes("data");
            Task<Void> sending = createTask(datagram.send(source, PEER));
            for (int waits = 0; waits < 2; waits++) {
                await(turns(2));
                assertFalse(sending.isDone());
                assertEquals(4, source.remaining());
                script.signal();
            }
            await(sending);
            assertFalse(source.hasRemaining());
            return Coroutine.done();
        });
        assertEquals(List.of("waits to send", "waits to send", "sends data"), script.events);
    }

    @Test
    @Mirrors(
            value = {
                "test_selector_events.SelectorDatagramTransportTests.test_sendto_buffer",
                "test_selector_events.SelectorDatagramTransportTests.test_sendto_buffer_nodata"
            },
            adapted = "the coroutine that sends waits, and what it sends next comes after that; nothing is buffered")
    void orderIsKeptWhileThereIsNoRoom() throws Exception {
        for (String second : List.of("data2", "")) {
            Script script = new Script(PEER);
            script.taken.add(false);
            with(script, datagram -> {
                Task<Void> sending = createTask(sendBoth(datagram, "data1", second));
                await(turns(2));
                assertEquals(List.of("waits to send"), script.events);
                script.signal();
                await(sending);
                return Coroutine.done();
            });
            assertEquals(List.of("waits to send", "sends data1", "sends " + second), script.events);
        }
    }

    @Async
    private static Coroutine<Void> sendBoth(Datagram datagram, String first, String second) throws IOException {
        await(datagram.send(bytes(first)));
        await(datagram.send(bytes(second)));
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = {
                "test_selector_events.SelectorDatagramTransportTests.test_sendto_error_received",
                "test_selector_events.SelectorDatagramTransportTests.test_sendto_ready_exception",
                "test_selector_events.SelectorDatagramTransportTests.test_sendto_ready_error_received",
                "test_selector_events.SelectorDatagramTransportTests.test_sendto_ready_error_received_connection"
            },
            adapted = "the coroutine that sends gets the failure, and the end stays open")
    void failedSends() throws Exception {
        for (@Nullable SocketAddress remote : new @Nullable SocketAddress[] {null, PEER}) {
            for (int waits = 0; waits < 2; waits++) {
                for (IOException failure : List.of(new IOException("test"), new PortUnreachableException())) {
                    Script script = new Script(remote);
                    if (waits == 1) {
                        script.taken.add(false);
                    }
                    script.taken.add(failure);
                    with(script, datagram -> {
                        ByteBuffer source = bytes("data");
                        Task<Void> sending = createTask(datagram.send(source, PEER));
                        await(turns(2));
                        script.signal();
                        SocketException raised = await(raised(SocketException.class, sending));
                        assertSame(failure, raised.getCause());
                        assertEquals(
                                failure instanceof PortUnreachableException,
                                raised instanceof PortUnreachableException);
                        assertFalse(datagram.isClosed());
                        await(datagram.send(source, PEER));
                        assertEquals("sends data", script.events.get(script.events.size() - 1));
                        return Coroutine.done();
                    });
                }
            }
        }
    }

    @Test
    @Mirrors(
            value = "test_selector_events.SelectorDatagramTransportTests.test_sendto_ready_closing",
            adapted = "the datagram that waits for room is not sent, and its coroutine gets a failure")
    void closingWhileThereIsNoRoom() throws Exception {
        Script script = new Script(null);
        script.taken.add(false);
        with(script, datagram -> {
            Task<Void> sending = createTask(datagram.send(bytes("data"), PEER));
            await(turns(2));
            datagram.close();
            await(raised(ConnectionClosedException.class, sending));
            return Coroutine.done();
        });
        assertEquals(List.of("waits to send", "closes"), script.events);
    }

    @Test
    @Mirrors(
            value = "test_selector_events.SelectorDatagramTransportTests.test_sendto_ready_no_data",
            adapted = "nobody sends when there is room again")
    void roomForNobody() throws Exception {
        Script script = new Script(null);
        script.taken.add(false);
        with(script, datagram -> {
            Task<Void> sending = createTask(datagram.send(bytes("data"), PEER));
            await(turns(2));
            sending.cancel();
            await(raised(CancelledError.class, sending));
            script.signal();
            await(turns(2));
            return Coroutine.done();
        });
        assertEquals(List.of("waits to send"), script.events);
    }

    @Test
    @Mirrors(
            value = "test_selector_events.SelectorDatagramTransportTests.test_read_ready_oserr",
            adapted = "the coroutine that receives gets the failure, and the end stays open")
    void failedReceives() throws Exception {
        IOException failure = new IOException("test");
        Script script = new Script(null);
        script.given.addAll(List.of(failure, false, false, failure, "data"));
        with(script, datagram -> {
            assertSame(failure, await(raised(IOException.class, next(datagram))));
            Task<String> receiving = createTask(next(datagram));
            for (int waits = 0; waits < 2; waits++) {
                await(turns(2));
                script.signal();
            }
            assertSame(failure, await(raised(IOException.class, receiving)));
            assertFalse(datagram.isClosed());
            assertEquals("data", await(next(datagram)));
            return Coroutine.done();
        });
        assertEquals(List.of("waits to receive", "waits to receive"), script.events);
    }
}
