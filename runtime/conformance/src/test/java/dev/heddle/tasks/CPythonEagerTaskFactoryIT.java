package dev.heddle.tasks;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.eagerTaskFactory;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.TaskOptions;
import dev.heddle.cpython.Loops;
import dev.heddle.cpython.Mirrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code test_eager_task_factory}. */
class CPythonEagerTaskFactoryIT {

    private static final ContextVar<Integer> VARIABLE = new ContextVar<>("cv", 0);

    /** Runs {@code body} in a loop whose tasks are eager. */
    private static void runEagerly(AsyncSupplier<Void> body) throws Exception {
        Loops.run(() -> {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            await(body.get());
            return Coroutine.done();
        });
    }

    @Async
    private static <T> Coroutine<T> value(T value) {
        return Coroutine.of(value);
    }

    @Async
    private static Coroutine<String> blocking() {
        await(sleep(0.1));
        return Coroutine.of("finished after blocking");
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_eager_task_factory_set")
    void factoryIsSet() throws Exception {
        runEagerly(() -> {
            assertSame(eagerTaskFactory(), getRunningLoop().getTaskFactory());
            await(getRunningLoop().createTask(value("")));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> setResult(Future<String> future, String value) {
        future.setResult(value);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_await_future_during_eager_step")
    void eagerStepCompletesAFuture() throws Exception {
        runEagerly(() -> {
            Future<String> future = getRunningLoop().createFuture();
            Task<Void> task = createTask(setResult(future, "my message"));
            assertTrue(task.isDone());
            assertEquals("my message", await(future));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_eager_completion")
    void completesEagerly() throws Exception {
        runEagerly(() -> {
            Task<String> task = createTask(value("hello"));
            assertTrue(task.isDone());
            assertEquals("hello", await(task));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_block_after_eager_step")
    void blocksAfterTheEagerStep() throws Exception {
        runEagerly(() -> {
            Task<String> task = createTask(blocking());
            assertFalse(task.isDone());
            assertEquals("finished after blocking", await(task));
            assertTrue(task.isDone());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_cancellation_after_eager_completion")
    void cannotBeCancelledWhenItHasCompletedEagerly() throws Exception {
        runEagerly(() -> {
            Task<String> task = createTask(value("finished without blocking"));
            task.cancel();
            assertEquals("finished without blocking", await(task));
            assertFalse(task.isCancelled());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_cancellation_after_eager_step_blocks")
    void isCancelledAfterTheEagerStep() {
        CancelledError error = assertThrows(
                CancelledError.class,
                () -> runEagerly(() -> {
                    Task<String> task = createTask(blocking());
                    task.cancel("cancellation message");
                    assertTrue(task.cancelling() > 0);
                    await(task);
                    return Coroutine.done();
                }));
        assertEquals("cancellation message", error.getMessage());
    }

    @Async
    private static Coroutine<Void> capturing(List<@Nullable Task<?>> captured) {
        captured.add(currentTask());
        await(sleep(0.1));
        captured.add(currentTask());
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_current_task")
    void currentTaskIsTheSameInEveryStep() throws Exception {
        runEagerly(() -> {
            List<@Nullable Task<?>> captured = new ArrayList<>();
            Task<Void> task = createTask(capturing(captured));
            assertEquals(List.of(task), captured);
            await(task);
            assertEquals(List.of(task, task), captured);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Set<Task<?>>> allTasksSeenInside() {
        return Coroutine.of(allTasks());
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_all_tasks_with_eager_completion")
    void isAmongAllTasksInItsFirstStepOnly() throws Exception {
        runEagerly(() -> {
            Task<Set<Task<?>>> task = createTask(allTasksSeenInside());
            assertTrue(task.result().contains(task));
            assertFalse(allTasks().contains(task));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> handingOver(List<Set<Task<?>>> captured, Future<Void> first, Future<Void> second) {
        captured.add(allTasks());
        await(first);
        second.setResult(null);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_all_tasks_with_blocking")
    void isAmongAllTasksUntilItIsDone() throws Exception {
        runEagerly(() -> {
            List<Set<Task<?>>> captured = new ArrayList<>();
            Future<Void> first = getRunningLoop().createFuture();
            Future<Void> second = getRunningLoop().createFuture();
            Task<Void> task = createTask(handingOver(captured, first, second));
            assertTrue(captured.get(0).contains(task));
            assertTrue(allTasks().contains(task));
            first.setResult(null);
            await(second);
            assertFalse(allTasks().contains(task));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> setting(List<String> steps) {
        assertEquals(1, VARIABLE.get());
        VARIABLE.set(2);
        assertEquals(2, VARIABLE.get());
        steps.add("first");
        await(sleep(0.1));
        assertEquals(2, VARIABLE.get());
        VARIABLE.set(3);
        assertEquals(3, VARIABLE.get());
        steps.add("second");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_eager_task_factory.EagerTaskFactoryLoopTests.test_context_vars")
    void runsInAContextOfItsOwn() throws Exception {
        runEagerly(() -> {
            List<String> steps = new ArrayList<>();
            VARIABLE.set(1);
            Task<Void> task = createTask(setting(steps));
            assertEquals(List.of("first"), steps);
            assertEquals(1, VARIABLE.get());
            await(task);
            assertEquals(List.of("first", "second"), steps);
            assertEquals(1, VARIABLE.get());
            return Coroutine.done();
        });
    }

    // Which tasks are made, and which begin in a later turn

    /** Counts the tasks that are not eager. */
    private static final class Counter implements TaskFactory {

        private final boolean eager;
        private int lazyTasks;

        Counter(boolean eager) {
            this.eager = eager;
        }

        @Override
        public <T extends @Nullable Object> Task<T> newTask(
                EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            if (!eager) {
                lazyTasks++;
            }
            return Task.of(loop, coroutine, options.withEagerStart(eager));
        }
    }

    private static int lazyTasks(boolean eager, Coroutine<?> coroutine) {
        Counter counter = new Counter(eager);
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setTaskFactory(counter);
            loop.runUntilComplete(coroutine);
        }
        return counter.lazyTasks;
    }

    @Async
    private static Coroutine<Integer> chain(int depth) {
        return Coroutine.of(depth == 0 ? 0 : 1 + await(chain(depth - 1)));
    }

    @Test
    @Mirrors("test_eager_task_factory.BaseTaskCountingTests.test_awaitables_chain")
    void chainOfAwaitsIsOneTask() {
        assertEquals(1, lazyTasks(false, chain(100)));
        assertEquals(0, lazyTasks(true, chain(100)));
    }

    @Async
    private static Coroutine<Void> recursiveGather(int width, int depth) {
        if (depth > 0) {
            List<Coroutine<Void>> children = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                children.add(recursiveGather(width, depth - 1));
            }
            await(gather(children));
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_eager_task_factory.BaseTaskCountingTests.test_recursive_gather")
    void gatherMakesATaskOfEachCoroutine() {
        assertEquals(1 + 5 + 25 + 125 + 625, lazyTasks(false, recursiveGather(5, 4)));
        assertEquals(0, lazyTasks(true, recursiveGather(5, 4)));
    }

    @Async
    private static Coroutine<Void> recursiveGroups(int width, int depth) {
        if (depth == 0) {
            return Coroutine.done();
        }
        return taskGroup(group -> {
            for (int i = 0; i < width; i++) {
                group.createTask(recursiveGroups(width, depth - 1));
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_eager_task_factory.BaseTaskCountingTests.test_recursive_taskgroups")
    void groupsMakeTheTasksTheyAreToldTo() {
        assertEquals(1 + 5 + 25 + 125 + 625, lazyTasks(false, recursiveGroups(5, 4)));
        assertEquals(0, lazyTasks(true, recursiveGroups(5, 4)));
    }
}
