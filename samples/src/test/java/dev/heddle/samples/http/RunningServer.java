package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A server on a loop in a thread of its own, for clients that block. */
final class RunningServer implements AutoCloseable {

    static final TimeOuts PATIENT = new TimeOuts(
            Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    /** What the exception handler of the loop was called with. */
    final Queue<Object> failures = new ConcurrentLinkedQueue<>();

    final Statistics statistics = new Statistics();
    final HttpServer server;

    private final EventLoop loop = EventLoop.create();
    private final Thread thread = new Thread(loop::runForever, "server");

    /** The server of the sample. */
    RunningServer() throws Exception {
        this(Limits.DEFAULT, PATIENT);
    }

    /** The server of the sample with other limits. */
    RunningServer(Limits limits, TimeOuts timeOuts) throws Exception {
        this(null, limits, timeOuts);
    }

    /** A server with this handler; null means that of the sample. */
    RunningServer(@Nullable Handler handler, Limits limits, TimeOuts timeOuts) throws Exception {
        Handler answers = handler == null ? new StatusPage(statistics).router() : handler;
        loop.setExceptionHandler((failed, details) -> failures.add(details.get("exception")));
        thread.start();
        server = call(() -> HttpServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), answers, statistics, limits, timeOuts));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    RawClient connect() throws IOException {
        return new RawClient(server.port());
    }

    <T> T call(AsyncSupplier<T> coroutine) throws Exception {
        return runCoroutineThreadsafe(coroutine.get(), loop).get(60, TimeUnit.SECONDS);
    }

    /** Waits until {@code condition} holds on the loop. */
    void waitUntil(BooleanSupplier condition) throws Exception {
        call(() -> poll(condition));
    }

    @Async
    private static Coroutine<Void> poll(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            await(sleep(0.005));
        }
        return Coroutine.done();
    }

    @Override
    public void close() throws Exception {
        call(() -> server.stop(Duration.ofSeconds(5)));
        loop.callSoonThreadsafe(loop::stop);
        thread.join();
        loop.close();
    }
}
