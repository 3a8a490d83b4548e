package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VertxGreetingsIT {

    private final CompletableFuture<String> asked = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Vertx vertx = Vertx.vertx();
    private final EventLoop loop = EventLoop.guestOf(Hosts.vertx(vertx, vertx.getOrCreateContext()));
    private final HttpClient client = vertx.createHttpClient();

    @AfterEach
    void stop() {
        client.close().await();
        vertx.close().await();
    }

    /** Answers with the path, fails, or waits until the task is cancelled. */
    @Async
    private Coroutine<String> handle(HttpServerRequest request) throws IOException {
        if (request.path().equals("/failure")) {
            throw new IOException("no such page");
        }
        if (request.path().equals("/silence")) {
            asked.complete("asked");
            try {
                await(sleep(Duration.ofDays(1)));
            } catch (CancelledError cancelled) {
                ended.complete("cancelled");
                throw cancelled;
            }
        }
        return Coroutine.of("you asked for " + request.path());
    }

    @Async
    private Coroutine<String> fetch(String path) {
        HttpServer server = await(VertxGreetings.serve(vertx, loop, this::handle));
        return VertxGreetings.fetch(client, server.actualPort(), path);
    }

    @Test
    void theBodyIsTheResult() {
        assertEquals("you asked for /vertx", loop.submit(() -> fetch("/vertx")).join());
    }

    @Test
    void theServerReportsFailuresOfHandlers() {
        assertEquals(
                "java.io.IOException: no such page",
                loop.submit(() -> fetch("/failure")).join());
    }

    /** The client resets the request, and the server notices that and cancels the task of the handler. */
    @Test
    void cancellingTheTaskCancelsTheTaskOfTheServer() {
        loop.submit(() -> {
                    Task<String> task = createTask(fetch("/silence"));
                    await(asked);
                    task.cancel();
                    await(assertFails(CancelledError.class, task));
                    assertEquals("cancelled", await(ended));
                    return Coroutine.done();
                })
                .join();
    }

    /** This is why {@link VertxGreetings#fetch} resets the request by itself. */
    @Test
    void cancellingTheTaskLeavesAFutureAlone() {
        loop.submit(() -> {
                    Promise<String> promise = Promise.promise();
                    Task<String> task = createTask(plainly(promise.future()));
                    await(sleep(0)); // the task waits now
                    task.cancel();
                    await(assertFails(CancelledError.class, task));
                    assertTrue(promise.tryComplete("late"));
                    return Coroutine.done();
                })
                .join();
    }

    @Async
    private static <T> Coroutine<T> plainly(Future<T> future) {
        return Coroutine.of(await(future.toCompletionStage()));
    }

    @Test
    void failuresAreThrownAsTheyAre() throws IOException {
        try (ClosedPort port = new ClosedPort()) {
            loop.submit(() -> {
                        await(assertFails(ConnectException.class, VertxGreetings.fetch(client, port.number(), "/")));
                        return Coroutine.done();
                    })
                    .join();
        }
    }
}
