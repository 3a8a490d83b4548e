package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(120)
class RedisJobsIT {

    private static LocalServer server;
    private static RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private StatefulRedisConnection<String, String> waitingConnection;
    private RedisAsyncCommands<String, String> redis;
    private RedisAsyncCommands<String, String> blocked;

    @BeforeAll
    static void start() throws IOException {
        server = LocalServer.redis();
        client = RedisClient.create("redis://127.0.0.1:" + server.port());
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            client.shutdown();
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        connection = client.connect();
        waitingConnection = client.connect();
        redis = connection.async();
        blocked = waitingConnection.async();
        redis.flushall().toCompletableFuture().join();
    }

    @AfterEach
    void disconnect() {
        connection.close();
        waitingConnection.close();
    }

    /** Waits until Redis holds a client that waits for a job. */
    @Async
    private Coroutine<Void> untilBlocked() {
        while (!await(redis.info("clients")).contains("blocked_clients:1")) {
            await(sleep(0.001));
        }
        return Coroutine.done();
    }

    @Test
    void jobsAreTakenInTheirOrder() {
        run(() -> {
            Task<String> first = createTask(RedisJobs.take(blocked, redis));
            await(untilBlocked());
            await(RedisJobs.add(redis, "a", "b"));
            assertEquals("a", await(first));
            assertEquals("b", await(RedisJobs.take(blocked, redis)));
            return Coroutine.done();
        });
    }

    @Test
    void aCancelledTaskTakesNoJob() {
        run(() -> {
            Task<String> task = createTask(RedisJobs.take(blocked, redis));
            await(untilBlocked());
            task.cancel();
            await(assertFails(CancelledError.class, task));
            assertTrue(await(redis.info("clients")).contains("blocked_clients:0"));
            assertEquals(2, await(RedisJobs.add(redis, "a", "b")));
            assertEquals("a", await(RedisJobs.take(blocked, redis)));
            return Coroutine.done();
        });
    }

    /** The job comes before the command is ended, but after the task was cancelled. */
    @Test
    void aCancelledTaskGivesALateJobBack() {
        run(() -> {
            Task<String> task = createTask(RedisJobs.take(blocked, redis));
            await(untilBlocked());
            var late = redis.rpush("jobs", "late"); // is sent before the command that ends the other
            task.cancel();
            await(assertFails(CancelledError.class, task));
            await(late);
            assertEquals(List.of("late"), await(redis.lrange("jobs", 0, -1)));
            return Coroutine.done();
        });
    }

    /** This is why {@link RedisJobs#take} does more than to await the command. */
    @Test
    void aCommandWhoseAwaitIsCancelledIsStillCarriedOut() {
        run(() -> {
            Task<?> task = createTask(RedisJobsIT.<Object>plainly(blocked.blpop(0, "jobs")));
            await(untilBlocked());
            task.cancel();
            await(assertFails(CancelledError.class, task));
            await(redis.rpush("jobs", "lost"));
            assertEquals("PONG", await(blocked.ping()));
            assertEquals(List.of(), await(redis.lrange("jobs", 0, -1)));
            return Coroutine.done();
        });
    }

    @Async
    private static <T> Coroutine<T> plainly(CompletionStage<? extends T> stage) {
        return Coroutine.of(await(stage));
    }

    @Test
    void failuresAreThrownAsTheyAre() {
        run(() -> {
            await(redis.set("jobs", "no list"));
            var thrown = await(assertFails(RedisCommandExecutionException.class, RedisJobs.add(redis, "a", "b")));
            assertEquals("WRONGTYPE Operation against a key holding the wrong kind of value", thrown.getMessage());
            return Coroutine.done();
        });
    }
}
