package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Host;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.net.Server;
import dev.heddle.sync.Queue;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops as guests of Netty, Vert.x and Swing. */
class GuestIT {

    /** The hosts. Each is made anew, and ended by the action. */
    enum Kind {
        NETTY_NIO(() -> netty(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))),
        NETTY_EPOLL(() -> netty(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))),
        VERTX(Kind::newVertx),
        SWING(() -> new Visited(Hosts.swing(), () -> {}));

        private final Supplier<Visited> maker;

        Kind(Supplier<Visited> maker) {
            this.maker = maker;
        }

        private static Visited netty(EventLoopGroup group) {
            return new Visited(
                    Hosts.netty(group.next()),
                    () -> group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS)
                            .syncUninterruptibly());
        }

        private static Visited newVertx() {
            Vertx vertx = Vertx.vertx();
            return new Visited(
                    Hosts.vertx(vertx, vertx.getOrCreateContext()),
                    () -> vertx.close().await());
        }
    }

    private record Visited(Host host, Runnable end) {}

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private Visited visited = new Visited(Hosts.swing(), () -> {});
    private EventLoop loop = EventLoop.create();

    private void visit(Kind kind) {
        System.setProperty("java.awt.headless", "true");
        visited = kind.maker.get();
        loop = EventLoop.guestOf(visited.host());
    }

    /** Runs {@code action} on the thread of the host, outside the turns of the guest. */
    private void onHost(Runnable action) {
        CompletableFuture.runAsync(action, visited.host()::execute).join();
    }

    @AfterEach
    void close() {
        if (loop.toString().contains("guest")) {
            onHost(loop::close);
        }
        visited.end().run();
    }

    @Async
    private Coroutine<Void> sleeper(String name, double seconds) {
        await(sleep(seconds));
        events.add(name);
        return Coroutine.done();
    }

    @Async
    private Coroutine<String> threeSleepers() {
        var slow = createTask(sleeper("slow", 0.03));
        var quick = createTask(sleeper("quick", 0.001));
        await(sleeper("middle", 0.015));
        await(quick);
        await(slow);
        return Coroutine.of("done");
    }

    @ParameterizedTest
    @EnumSource
    void timersRunInTheirOrder(Kind kind) {
        visit(kind);
        assertEquals("done", runCoroutineThreadsafe(threeSleepers(), loop).join());
        assertEquals(List.of("quick", "middle", "slow"), events);
    }

    @Async
    private Coroutine<Void> consumer(Queue<String> queue) {
        while (true) {
            String item = await(queue.get());
            events.add(item);
            if (item.equals("end")) {
                return Coroutine.done();
            }
        }
    }

    /** What a handler of the framework does: it uses the loop's objects directly, outside the loop's turns. */
    @ParameterizedTest
    @EnumSource
    void handlersOfTheHostWakeTasks(Kind kind) {
        visit(kind);
        Queue<String> queue = Queue.fifo(0);
        CompletableFuture<String> ended = new CompletableFuture<>();
        onHost(() -> loop.createTask(consumer(queue)).addDoneCallback(done -> ended.complete("ended")));
        onHost(() -> {
            queue.putNow("one");
            queue.putNow("two");
        });
        onHost(() -> events.add("the host runs"));
        onHost(() -> queue.putNow("end"));
        assertEquals("ended", ended.join());
        assertEquals(4, events.size());
        assertTrue(events.containsAll(List.of("one", "two", "end", "the host runs")));
    }

    @Async
    private Coroutine<Void> busy(Future<Void> seen) {
        while (!seen.isDone()) {
            await(sleep(0));
        }
        events.add("the guest goes on");
        return Coroutine.done();
    }

    /** A guest that always has work leaves the host its time. */
    @ParameterizedTest
    @EnumSource
    void aBusyGuestLeavesTheHostItsTime(Kind kind) {
        visit(kind);
        Future<Void> seen = loop.createFuture();
        CompletableFuture<Void> ended = runCoroutineThreadsafe(busy(seen), loop);
        for (int i = 0; i < 10; i++) {
            onHost(() -> events.add("the host runs"));
        }
        onHost(() -> seen.setResult(null));
        ended.join();
        assertEquals(11, events.size());
        assertEquals("the guest goes on", events.get(10));
    }

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (await(connection.read(buffer.clear())) >= 0) {
            await(connection.write(buffer.flip()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> talk() throws IOException {
        Server server = await(Net.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), GuestIT::echo));
        String answer;
        try (server;
                Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress())))) {
            await(client.write("hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            answer = await(client.readLine());
        }
        await(server.waitClosed());
        return Coroutine.of(answer);
    }

    @ParameterizedTest
    @EnumSource
    void guestsHaveConnections(Kind kind) throws IOException {
        visit(kind);
        assertEquals("hello", runCoroutineThreadsafe(talk(), loop).join());
    }

    @Async
    private static Coroutine<Void> tooEarly() {
        getRunningLoop().close();
        return Coroutine.done();
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheHostsThreadClosesAGuest(Kind kind) {
        visit(kind);
        Throwable inside = assertThrows(
                        java.util.concurrent.CompletionException.class,
                        () -> runCoroutineThreadsafe(tooEarly(), loop).join())
                .getCause();
        assertTrue(String.valueOf(inside).contains("Cannot close a running event loop"), inside::toString);
        IllegalStateException outside = assertThrows(IllegalStateException.class, loop::close);
        assertTrue(String.valueOf(outside.getMessage()).contains("another thread"), outside::toString);
    }

    /** Closing the guest does not touch the host, whose other guests go on. */
    @Test
    void twoGuestsShareAHost() {
        visit(Kind.NETTY_NIO);
        EventLoop second = EventLoop.guestOf(visited.host());
        assertEquals("done", runCoroutineThreadsafe(threeSleepers(), second).join());
        onHost(second::close);
        assertEquals("done", runCoroutineThreadsafe(threeSleepers(), loop).join());
    }
}
