package dev.heddle.futures;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_futures2}. */
@ParameterizedClass
@EnumSource
class CPythonFutures2IT {

    private final TaskStart start;

    CPythonFutures2IT(TaskStart start) {
        this.start = start;
    }

    private static final ContextVar<String> NAME = new ContextVar<>("name", "foo");

    @Async
    private static Coroutine<Integer> raising() {
        throw new IllegalArgumentException("42");
    }

    @Async
    private static Coroutine<Integer> awaiting(Task<Integer> task) {
        return Coroutine.of(await(task));
    }

    @Test
    @Mirrors("test_futures2.FutureTests.test_future_traceback")
    void traceDoesNotGrowWithEachAwait() throws Exception {
        start.run(() -> {
            Task<Integer> task = createTask(raising());
            for (int i = 0; i < 5; i++) {
                try {
                    await(awaiting(task));
                } catch (IllegalArgumentException failure) {
                    long times = Arrays.stream(failure.getStackTrace())
                            .filter(element -> element.getMethodName().equals("awaiting"))
                            .count();
                    assertEquals(1, times, "trace of await " + i);
                }
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> failingInContext() {
        NAME.set("bar");
        throw new IllegalArgumentException("failed");
    }

    @Test
    @Mirrors(
            value = "test_futures2.FutureTests.test_task_exc_handler_correct_context",
            adapted = "a second later, and not when the task is collected")
    void handlerRunsInTheContextOfTheTask() throws Exception {
        List<String> seen = new ArrayList<>();
        start.run(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> seen.add(NAME.get()));
            createTask(failingInContext());
            await(sleep(2));
            return Coroutine.done();
        });
        assertEquals(List.of("bar"), seen);
    }

    @Test
    @Mirrors("test_futures2.FutureTests.test_handle_exc_handler_correct_context")
    void handlerRunsInTheContextOfTheHandle() throws Exception {
        List<String> seen = new ArrayList<>();
        start.run(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> seen.add(NAME.get()));
            getRunningLoop().callSoon(() -> {
                NAME.set("bar");
                throw new IllegalArgumentException("failed");
            });
            await(sleep(0));
            return Coroutine.done();
        });
        assertEquals(List.of("bar"), seen);
    }

    @Async
    private static Coroutine<Set<Task<?>>> tasksWithItself() {
        return Coroutine.of(allTasks());
    }

    @Test
    @Mirrors("test_futures2.FutureReprTests.test_recursive_repr_for_pending_tasks")
    void textOfATaskInItsOwnResultEnds() throws Exception {
        start.run(() -> {
            Task<Set<Task<?>>> task = createTask(tasksWithItself());
            await(task);
            assertTrue(task.toString().contains("..."), task.toString());
            return Coroutine.done();
        });
    }
}
