package dev.heddle.threads;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.TaskOptions;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code RunCoroutineThreadsafeTests} of {@code test_tasks}. */
@Timeout(20)
@ParameterizedClass
@EnumSource
class CPythonRunCoroutineThreadsafeIT {

    private static final long LONG = 10_000;

    private final EventLoop loop = EventLoop.create();
    private final List<Map<String, Object>> reports = new ArrayList<>();

    CPythonRunCoroutineThreadsafeIT(TaskStart start) {
        start.prepare(loop);
        loop.setExceptionHandler((source, context) -> reports.add(context));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Async
    private static Coroutine<Integer> add(int a, int b, boolean fails, boolean cancels) {
        await(sleep(0.05));
        if (fails) {
            throw new IllegalArgumentException("Fail!");
        }
        if (cancels) {
            Objects.requireNonNull(currentTask()).cancel();
            await(sleep(0));
        }
        return Coroutine.of(a + b);
    }

    /** Sends {@code coroutine} to the loop, from another thread, which waits for it there. */
    private Future<Integer> target(Coroutine<Integer> coroutine, long millis) {
        return loop.runInExecutor(null, () -> {
            CompletableFuture<Integer> future = runCoroutineThreadsafe(coroutine, loop);
            try {
                return future.get(millis, TimeUnit.MILLISECONDS);
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof Exception cause ? cause : failure;
            } finally {
                future.cancel(true);
            }
        });
    }

    @Test
    @Mirrors("test_tasks.RunCoroutineThreadsafeTests.test_run_coroutine_threadsafe")
    void givesTheResult() {
        assertEquals(3, loop.runUntilComplete(target(add(1, 2, false, false), LONG)));
    }

    @Test
    @Mirrors("test_tasks.RunCoroutineThreadsafeTests.test_run_coroutine_threadsafe_with_exception")
    void givesTheFailure() {
        Future<Integer> future = target(add(1, 2, true, false), LONG);
        assertEquals(
                "Fail!",
                assertThrows(IllegalArgumentException.class, () -> loop.runUntilComplete(future))
                        .getMessage());
    }

    @Async
    private static Coroutine<Void> settling() {
        for (int i = 0; i < 10; i++) {
            await(sleep(0));
        }
        assertEquals(1, allTasks().size(), "this one");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.RunCoroutineThreadsafeTests.test_run_coroutine_threadsafe_with_timeout")
    void cancellingTheFutureCancelsTheTask() {
        Future<Integer> future = target(add(1, 2, false, false), 0);
        assertThrows(TimeoutException.class, () -> loop.runUntilComplete(future));
        loop.runUntilComplete(settling());
    }

    @Test
    @Mirrors("test_tasks.RunCoroutineThreadsafeTests.test_run_coroutine_threadsafe_task_cancelled")
    void cancelledTaskCancelsTheFuture() {
        Future<Integer> future = target(add(1, 2, false, true), LONG);
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(future));
    }

    @Test
    @Mirrors("test_tasks.RunCoroutineThreadsafeTests.test_run_coroutine_threadsafe_task_factory_exception")
    void failureOfTheTaskFactoryIsThatOfTheFuture() {
        RuntimeException failure = new IllegalArgumentException("no tasks today");
        loop.setTaskFactory(new TaskFactory() {
            @Override
            public <T extends @Nullable Object> Task<T> newTask(
                    EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
                throw failure;
            }
        });
        Coroutine<Integer> coroutine = add(1, 2, false, false);
        Future<Integer> future = target(coroutine, LONG);
        assertSame(failure, assertThrows(IllegalArgumentException.class, () -> loop.runUntilComplete(future)));
        assertEquals(1, reports.size());
        assertSame(failure, reports.get(0).get("exception"));
        loop.setTaskFactory(null);
        assertEquals(3, loop.runUntilComplete(coroutine), "it has not begun");
    }
}
