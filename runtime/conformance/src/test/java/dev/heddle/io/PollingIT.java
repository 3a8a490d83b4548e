package dev.heddle.io;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Host;
import dev.heddle.Poller;
import dev.heddle.Task;
import dev.heddle.cpython.Blocks;
import dev.heddle.internal.io.Pollable;
import dev.heddle.net.Connection;
import dev.heddle.net.Datagram;
import dev.heddle.net.Net;
import dev.heddle.net.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a loop looks for events: in a selector, in a poller of the program, and as a guest. */
@Timeout(300)
class PollingIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<String> events = new ArrayList<>();

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (await(connection.read(buffer.clear())) >= 0) {
            await(connection.write(buffer.flip()));
        }
        return Coroutine.done();
    }

    private static SocketAddress addressOf(Server server) {
        return Objects.requireNonNull(server.localAddress());
    }

    @Async
    private static Coroutine<String> roundTrips(int count) throws IOException {
        Server server = await(Net.serve(ANY_PORT, PollingIT::echo));
        StringBuilder back = new StringBuilder();
        try (server;
                Connection client = await(Net.connect(addressOf(server)))) {
            for (int i = 0; i < count; i++) {
                await(client.write(new byte[] {(byte) ('a' + i)}));
                back.append((char) await(client.readExactly(1))[0]);
            }
        }
        return Coroutine.of(back.toString());
    }

    /** Both waits are for the writability of the descriptor, but the selector reports a connection only while it is pending. */
    @Test
    void aWaitToWriteIsNotTakenForOneToConnect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            run(() -> {
                Pollable pollable = Pollable.of(Asyncio.getRunningLoop(), client);
                Task<Void> connecting = createTask(pollable.connectable());
                await(sleep(0));
                connecting.cancel();
                await(Blocks.raised(CancelledError.class, connecting));
                await(pollable.writable());
                await(pollable.writable());
                return Coroutine.done();
            });
        }
    }

    // While the loop has work

    @Async
    private static Coroutine<Void> spin() {
        while (true) {
            await(sleep(0));
        }
    }

    @Async
    private static Coroutine<String> besideASpinningTask() throws IOException {
        Task<Void> spinning = createTask(spin());
        String back = await(roundTrips(20));
        spinning.cancel();
        return Coroutine.of(back);
    }

    @Test
    void aLoopThatAlwaysHasWorkPolls() throws IOException {
        assertEquals("abcdefghijklmnopqrst", run(besideASpinningTask()));
    }

    /** A connection whose input never ends must not keep the others, or the timers, from their turn. */
    @Async
    private Coroutine<Void> floodedAndPatient() throws IOException {
        byte[] flood = new byte[1 << 20];
        Server flooding = await(Net.serve(ANY_PORT, PollingIT::flood));
        Server patient = await(Net.serve(ANY_PORT, PollingIT::echo));
        try (flooding;
                patient;
                Connection flooded = await(Net.connect(addressOf(flooding)));
                Connection other = await(Net.connect(addressOf(patient)))) {
            Task<Void> reading = createTask(readForever(flooded, flood));
            for (int i = 0; i < 10; i++) {
                await(other.write(new byte[] {1}));
                await(other.readExactly(1));
                await(sleep(0.0001));
            }
            events.add("ten answers and ten timers");
            reading.cancel();
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> readForever(Connection connection, byte[] into) throws IOException {
        while (await(connection.read(ByteBuffer.wrap(into, 0, 100))) >= 0) {
            // Small reads, so that there is always more.
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> flood(Connection connection) throws IOException {
        byte[] part = new byte[1 << 16];
        while (!connection.isClosed()) {
            await(connection.write(part));
        }
        return Coroutine.done();
    }

    @Test
    void anEndlessInputStarvesNobody() throws IOException {
        EventLoop loop = EventLoop.create();
        loop.setExceptionHandler((source, report) -> {}); // the flooding side finds its connection closed
        loop.runUntilComplete(floodedAndPatient());
        loop.close();
        assertEquals(List.of("ten answers and ten timers"), events);
    }

    // Virtual time

    @Async
    private Coroutine<Void> waitsForARealAnswer(SocketAddress address) throws IOException {
        EventLoop loop = Asyncio.getRunningLoop();
        try (Connection client = await(Net.connect(address))) {
            loop.callLater(3600, () -> events.add("an hour has passed"));
            await(client.write(new byte[] {7}));
            events.add(loop.describeOutstanding());
            await(client.readExactly(1));
            events.add("answered");
            await(sleep(4000));
        }
        return Coroutine.done();
    }

    @Test
    void aWaitForAChannelHoldsVirtualTime() throws IOException {
        try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> {
                try (Socket socket = peer.accept()) {
                    int received = socket.getInputStream().read();
                    socket.getOutputStream().write(received);
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            EventLoop loop = EventLoop.virtualTime();
            loop.runUntilComplete(waitsForARealAnswer(peer.getLocalSocketAddress()));
            assertTrue(loop.time() >= 4000);
            loop.close();
            answering.join();
        }
        assertEquals(List.of("", "answered", "an hour has passed"), events);
    }

    // Pollers of the program

    /** A poller whose events are strings that other threads put into a queue. */
    private final class QueuePoller implements Poller {

        private static final String WAKE = "wake";

        final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        EventLoop loop = EventLoop.create(this);
        boolean ended;

        @Override
        public void block(long nanos) {
            try {
                String event = queue.poll(nanos, TimeUnit.NANOSECONDS);
                if (event != null) {
                    handle(event);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            poll();
        }

        @Override
        public void poll() {
            for (String event = queue.poll(); event != null; event = queue.poll()) {
                handle(event);
            }
        }

        private void handle(String event) {
            if (!event.equals(WAKE)) {
                loop.callSoon(() -> {
                    events.add(event);
                    if (event.equals("end")) {
                        ended = true;
                        loop.stop();
                    }
                });
            }
        }

        @Override
        public void wake() {
            queue.add(WAKE);
        }
    }

    @Test
    void aLoopSleepsInThePollerOfTheProgram() {
        QueuePoller poller = new QueuePoller();
        poller.loop.callLater(0.001, () -> {
            events.add("timer");
            CompletableFuture.runAsync(() -> {
                poller.queue.add("event");
                poller.loop.execute(() -> {
                    events.add("from another thread");
                    poller.queue.add("end");
                });
            });
        });
        poller.loop.runForever();
        poller.loop.close();
        assertEquals(List.of("timer", "event", "from another thread", "end"), events);
    }

    @Test
    void aLoopThatAlwaysHasWorkPollsThePollerOfTheProgram() {
        QueuePoller poller = new QueuePoller();
        Runnable[] again = new Runnable[1];
        int[] turns = {0};
        again[0] = () -> {
            turns[0]++;
            if (turns[0] == 10) {
                poller.queue.add("end");
            }
            if (!poller.ended) {
                poller.loop.callSoon(again[0]);
            }
        };
        poller.loop.callSoon(again[0]);
        poller.loop.runForever();
        poller.loop.close();
        assertEquals(List.of("end"), events);
        assertTrue(turns[0] <= 10 + 2 * 64, () -> turns[0] + " turns");
    }

    @Test
    void channelsWorkBesideThePollerOfTheProgram() throws IOException {
        QueuePoller poller = new QueuePoller();
        poller.loop.setExceptionHandler((source, report) -> {}); // the server's task is pending at the end
        assertEquals("abc", poller.loop.runUntilComplete(roundTrips(3)));
        poller.loop.close();
    }

    // Guests

    /** A host that is a thread of an executor. */
    private static final class ExecutorHost implements Host, AutoCloseable {

        final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        final EventLoop loop = EventLoop.guestOf(this);

        @Override
        public void execute(Runnable turn) {
            thread.execute(turn);
        }

        @Override
        public Runnable executeLater(long nanos, Runnable turn) {
            ScheduledFuture<?> scheduled = thread.schedule(turn, nanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        public void close() {
            CompletableFuture.runAsync(loop::close, thread).join();
            thread.shutdown();
        }
    }

    @Async
    private static Coroutine<String> roundTripsWithTimers() throws IOException {
        await(sleep(0.001));
        String back = await(roundTrips(5));
        await(Asyncio.waitFor(sleep(0.001), Duration.ofMinutes(1)));
        return Coroutine.of(back);
    }

    @Test
    void aGuestHasTimersAndChannels() throws IOException {
        try (ExecutorHost host = new ExecutorHost()) {
            assertEquals(
                    "abcde",
                    Asyncio.runCoroutineThreadsafe(roundTripsWithTimers(), host.loop)
                            .join());
        }
    }

    @Async
    private static Coroutine<Void> waitsForInput(Future<Connection> opened) throws IOException {
        Server server = await(Net.serve(ANY_PORT, PollingIT::echo));
        Connection client = await(Net.connect(addressOf(server)));
        opened.setResult(client);
        await(client.readExactly(1));
        return Coroutine.done();
    }

    /** Closing a loop closes its channels, wherever they are watched. */
    @Test
    void closingALoopClosesItsChannels() throws IOException {
        try (ExecutorHost host = new ExecutorHost()) {
            closesChannels(
                    host.loop,
                    action -> CompletableFuture.runAsync(action, host.thread).join());
        }
        QueuePoller poller = new QueuePoller();
        closesChannels(poller.loop, action -> {
            poller.loop.callSoon(() -> {
                action.run();
                poller.loop.stop();
            });
            poller.loop.runForever();
        });
    }

    private interface OnLoop {
        void run(Runnable action);
    }

    private void closesChannels(EventLoop loop, OnLoop onLoop) throws IOException {
        loop.setExceptionHandler((source, report) -> {}); // pending tasks are reported
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        Coroutine<Void> waiting = waitsForInputOf(opened);
        onLoop.run(() -> loop.createTask(waiting));
        if (!opened.isDone() && !loop.toString().contains("guest")) {
            loop.runUntilComplete(awaited(opened));
        }
        Connection client = opened.join();
        if (loop.toString().contains("guest")) {
            onLoop.run(loop::close);
        } else {
            loop.close();
        }
        assertEquals(null, client.localAddress());
    }

    @Async
    private static Coroutine<Void> waitsForInputOf(CompletableFuture<Connection> opened) throws IOException {
        Future<Connection> future = Asyncio.getRunningLoop().createFuture();
        future.addDoneCallback(done -> opened.complete(done.result()));
        await(waitsForInput(future));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Connection> awaited(CompletableFuture<Connection> opened) {
        return Coroutine.of(await(opened));
    }

    // Hosts that end, and readers that end

    /** Runs {@code body} in the guest, and returns what it gives. */
    private static <T> T inGuest(ExecutorHost host, AsyncSupplier<T> body) throws Exception {
        return Asyncio.runCoroutineThreadsafe(called(body), host.loop).get(30, TimeUnit.SECONDS);
    }

    @Async
    private static <T> Coroutine<T> called(AsyncSupplier<T> body) throws Exception {
        return Coroutine.of(await(body.get()));
    }

    /** The records that are logged meanwhile, by any thread. They do not get to standard error. */
    private static final class Logged implements AutoCloseable {

        final List<String> messages = Collections.synchronizedList(new ArrayList<>());
        private final Logger logger = Logger.getLogger("dev.heddle");

        Logged() {
            logger.setFilter(record -> {
                messages.add(record.getMessage().replaceFirst("that .* is", "that it is"));
                return false;
            });
        }

        void await() {
            while (messages.isEmpty()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            logger.setFilter(null);
        }
    }

    /** One thread watches the channels of all guests. */
    @Test
    void hostThatEndsHarmsNoOtherGuest() throws Exception {
        try (Logged logged = new Logged();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(ANY_PORT);
                ExecutorHost living = new ExecutorHost()) {
            ExecutorHost ended = new ExecutorHost();
            ended.loop.setExceptionHandler((source, report) -> {}); // a task is pending when it is closed
            Connection waiting = inGuest(ended, () -> Net.connect(listener.getLocalAddress()));
            try (SocketChannel peer = listener.accept()) {
                Asyncio.runCoroutineThreadsafe(readOne(waiting), ended.loop);
                inGuest(ended, () -> Coroutine.of(await(sleep(0))));
                ended.thread.shutdown();
                assertTrue(ended.thread.awaitTermination(30, TimeUnit.SECONDS));
                peer.write(ByteBuffer.wrap(new byte[] {1}));
                logged.await();
            }
            assertEquals("ab", inGuest(living, () -> roundTrips(2)));
            ended.loop.close(); // on this thread, as that of the host is no more
            assertEquals(null, waiting.localAddress());
            assertEquals(List.of("a loop does not learn that it is ready"), logged.messages);
        }
    }

    /** An action is not part of a task, whose failure it would be. */
    @Test
    void anActionThatFailsDoesNotEndTheLoop() throws IOException {
        try (Logged logged = new Logged()) {
            run(() -> {
                Pipe pipe = Pipe.open();
                try (Pipe.SinkChannel sink = pipe.sink()) {
                    Pollable pollable = Pollable.of(Asyncio.getRunningLoop(), pipe.source());
                    pollable.onceReadable(() -> {
                        throw new OutOfMemoryError("test");
                    });
                    sink.write(ByteBuffer.wrap(new byte[] {1}));
                    while (logged.messages.isEmpty()) {
                        await(sleep(0));
                    }
                    pollable.close();
                }
                return Coroutine.done();
            });
            assertEquals(List.of("an action has failed when its channel was readable"), logged.messages);
        }
    }

    // What is closed with a loop, and when

    private static List<EventLoop> loopsOfAllKinds() {
        Host never = new Host() {
            @Override
            public void execute(Runnable turn) {}

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                return () -> {};
            }
        };
        return List.of(EventLoop.create(), new ThrowingPoller().loop, EventLoop.guestOf(never));
    }

    /** A poller that is never blocked in. */
    private static final class ThrowingPoller implements Poller {

        final EventLoop loop = EventLoop.create(this);

        @Override
        public void block(long nanos) {
            throw new IllegalStateException("test");
        }

        @Override
        public void poll() {}

        @Override
        public void wake() {
            throw new IllegalStateException("test");
        }
    }

    /** A connection may only have been written to, and an acceptor may wait for a place. */
    @Test
    void channelsForWhichNobodyHasWaitedAreClosedWithTheLoop() throws IOException {
        int cases = 0;
        for (EventLoop loop : loopsOfAllKinds()) {
            Pipe pipe = Pipe.open();
            ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
            List<SelectableChannel> channels = List.of(
                    server,
                    SocketChannel.open(server.getLocalAddress()),
                    DatagramChannel.open().bind(ANY_PORT),
                    pipe.source(),
                    pipe.sink(),
                    SocketChannel.open());
            List<Pollable> pollables = new ArrayList<>();
            for (SelectableChannel each : channels) {
                pollables.add(Pollable.of(loop, each));
            }
            for (int closed : new int[] {5, 0, 3}) { // the last, the first, and one between
                pollables.get(closed).close();
                pollables.get(closed).close();
            }
            loop.close();
            for (SelectableChannel each : channels) {
                assertFalse(each.isOpen(), () -> each + " of " + loop);
                cases++;
            }
        }
        assertEquals(18, cases);
    }

    /** Serves, and binds datagram sockets, at the same addresses again and again. */
    @Async
    private static Coroutine<Void> reuseAddresses(int times) throws IOException {
        SocketAddress address = ANY_PORT;
        SocketAddress forDatagrams = ANY_PORT;
        for (int i = 0; i < times; i++) {
            try (Server server = await(Net.serve(address, PollingIT::echo));
                    Datagram datagram = await(Datagram.bind(forDatagrams))) {
                address = addressOf(server);
                forDatagrams = Objects.requireNonNull(datagram.localAddress());
                Task<SocketAddress> receiving = createTask(datagram.receive(ByteBuffer.allocate(1)));
                await(sleep(0)); // the acceptor waits, and so does the receiver
                receiving.cancel();
                await(Asyncio.wait(List.of(receiving)));
            }
        }
        return Coroutine.done();
    }

    @Test
    void anAddressIsFreeOnceItsSocketIsClosed() throws Exception {
        run(reuseAddresses(20));
        QueuePoller poller = new QueuePoller();
        poller.loop.runUntilComplete(reuseAddresses(20));
        poller.loop.close();
        try (ExecutorHost host = new ExecutorHost()) {
            inGuest(host, () -> reuseAddresses(20));
        }
    }

    /** The poller of a program may fail, too. */
    @Test
    void aPollerThatFailsHarmsNoGuest() throws Exception {
        try (Logged logged = new Logged();
                ExecutorHost living = new ExecutorHost()) {
            EventLoop failing = new ThrowingPoller().loop;
            Pipe pipe = Pipe.open();
            Pollable pollable = Pollable.of(failing, pipe.source());
            failing.setExceptionHandler((source, report) -> {});
            failing.createTask(awaitReadable(pollable));
            assertThrows(IllegalStateException.class, failing::runForever);
            pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
            logged.await();
            assertEquals("ab", inGuest(living, () -> roundTrips(2)));
            failing.close();
            assertFalse(pipe.source().isOpen());
            pipe.sink().close();
            assertEquals(List.of("a loop does not learn that it is ready"), logged.messages);
        }
    }

    @Async
    private static Coroutine<Void> readOne(Connection connection) throws IOException {
        await(connection.readExactly(1));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> awaitReadable(Pollable pollable) {
        await(pollable.readable());
        return Coroutine.done();
    }

    /** The reader that is waiting when the action is set may be the last one. */
    @Async
    private static Coroutine<Void> actionAfterTheLastReader() throws Exception {
        Pipe pipe = Pipe.open();
        EventLoop loop = Asyncio.getRunningLoop();
        try (Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source()) {
            Pollable pollable = Pollable.of(loop, source);
            Task<Void> reading = createTask(awaitReadable(pollable));
            await(sleep(0));
            Future<Void> called = loop.createFuture();
            pollable.onceReadable(() -> called.setResult(null));
            sink.write(ByteBuffer.wrap(new byte[] {1}));
            await(reading);
            await(called);
            pollable.close();
        }
        return Coroutine.done();
    }

    @Test
    void actionRunsAfterTheLastReader() throws Exception {
        run(PollingIT::actionAfterTheLastReader);
        try (ExecutorHost host = new ExecutorHost()) {
            inGuest(host, PollingIT::actionAfterTheLastReader);
        }
    }
}
