package dev.heddle.groups;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.cpython.Blocks.after;
import static dev.heddle.cpython.Blocks.failingAfter;
import static dev.heddle.cpython.Blocks.failingAtTheEnd;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.sleeping;
import static dev.heddle.cpython.Blocks.types;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.InterruptError;
import dev.heddle.Task;
import dev.heddle.cpython.Blocks;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How task groups end. */
@ParameterizedClass
@EnumSource
class CPythonTaskGroupsIT {

    private final TaskStart start;

    CPythonTaskGroupsIT(TaskStart start) {
        this.start = start;
    }

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_01")
    void tasksAreDoneAtTheEnd() throws Exception {
        run(() -> {
            List<Task<Integer>> tasks = await(taskGroup(group ->
                    Coroutine.of(List.of(group.createTask(after(0.1, 42)), group.createTask(after(0.2, 11))))));
            assertEquals(42, tasks.get(0).result());
            assertEquals(11, tasks.get(1).result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_02")
    void tasksAreMadeWhileTheBodyRuns() throws Exception {
        run(() -> {
            List<Task<Integer>> tasks = await(taskGroup(group -> {
                Task<Integer> first = group.createTask(after(0.1, 42));
                await(sleep(0.15));
                return Coroutine.of(List.of(first, group.createTask(after(0.2, 11))));
            }));
            assertEquals(42, tasks.get(0).result());
            assertEquals(11, tasks.get(1).result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_03")
    void cancelledTaskIsNoFailure() throws Exception {
        run(() -> {
            List<Task<Integer>> tasks = await(taskGroup(group -> {
                Task<Integer> first = group.createTask(after(1, 42));
                await(sleep(0.15));
                first.cancel();
                return Coroutine.of(List.of(first, group.createTask(after(0.2, 11))));
            }));
            assertTrue(tasks.get(0).isCancelled());
            assertEquals(11, tasks.get(1).result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_04")
    void failureCancelsTheOtherTasks() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            List<Task<?>> tasks = new ArrayList<>();
            ExceptionGroup failure = await(raised(ExceptionGroup.class, createTask(taskGroup(group -> {
                group.createTask(failingAfter(0.1, new ArithmeticException()));
                tasks.add(group.createTask(sleeping(1, notes, "cancelled")));
                return Coroutine.done();
            }))));
            assertEquals(List.of(ArithmeticException.class), types(failure));
            String message = failure.getMessage().replaceFirst("Task-[0-9]+", "Task-N");
            assertEquals("unhandled errors in a TaskGroup (1 sub-exception): Task-N", message);
            assertEquals(List.of("cancelled"), notes);
            assertTrue(tasks.get(0).isCancelled());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_cancel_children_on_child_error")
    void failureCancelsTheBodyToo() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            ExceptionGroup failure = await(raised(ExceptionGroup.class, createTask(taskGroup(group -> {
                for (int i = 0; i < 3; i++) {
                    group.createTask(failingAfter(0.1, new ArithmeticException()));
                }
                group.createTask(sleeping(5, notes, "task"));
                return sleeping(10, notes, "body");
            }))));
            assertEquals(
                    List.of(ArithmeticException.class, ArithmeticException.class, ArithmeticException.class),
                    types(failure));
            assertEquals(List.of("task", "body"), notes);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> failingBody(double delay, List<Task<?>> tasks) {
        return taskGroup(group -> {
            tasks.add(group.createTask(after(1, 42)));
            tasks.add(group.createTask(after(2, 11)));
            if (delay > 0) {
                await(sleep(delay));
            }
            throw new ArithmeticException();
        });
    }

    @Test
    @Mirrors({"test_taskgroups.TestTaskGroup.test_taskgroup_09", "test_taskgroups.TestTaskGroup.test_taskgroup_10"})
    void failureOfTheBodyCancelsTheTasks() throws Exception {
        for (double delay : new double[] {0.1, 0}) {
            run(() -> {
                List<Task<?>> tasks = new ArrayList<>();
                ExceptionGroup failure = await(raised(ExceptionGroup.class, failingBody(delay, tasks)));
                assertEquals(List.of(ArithmeticException.class), types(failure));
                assertTrue(tasks.get(0).isCancelled());
                assertTrue(tasks.get(1).isCancelled());
                return Coroutine.done();
            });
        }
    }

    @Test
    @Mirrors({"test_taskgroups.TestTaskGroup.test_taskgroup_13", "test_taskgroups.TestTaskGroup.test_taskgroup_14"})
    void failureOfANestedGroupIsAGroupInTheOuterOne() throws Exception {
        run(() -> {
            ExceptionGroup outer = await(raised(ExceptionGroup.class, createTask(nested(0.1, 10))));
            assertEquals(List.of(IllegalArgumentException.class), types(outer));
            outer = await(raised(ExceptionGroup.class, createTask(nested(10, 0.1))));
            assertEquals(List.of(ExceptionGroup.class), types(outer));
            ExceptionGroup inner = (ExceptionGroup) outer.exceptions().get(0);
            assertEquals(List.of(IllegalArgumentException.class), types(inner));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> nested(double outerDelay, double innerDelay) {
        return taskGroup(outer -> {
            outer.createTask(failingAfter(outerDelay, new IllegalArgumentException()));
            return taskGroup(inner -> {
                inner.createTask(failingAfter(innerDelay, new IllegalArgumentException()));
                return Coroutine.done();
            });
        });
    }

    /** A group whose only task fails with {@code ofTask}, and whose body fails with {@code ofBody} when it is cancelled. */
    @Async
    @SuppressWarnings("finally") // clean-up code that fails
    private static Coroutine<Void> failingTwice(Throwable ofTask, Throwable ofBody) {
        return taskGroup(group -> {
            group.createTask(failingAfter(0.1, ofTask));
            try {
                await(sleep(10));
            } finally {
                throw Blocks.<RuntimeException>unchecked(ofBody);
            }
        });
    }

    private static final class BaseError extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    @Mirrors({
        "test_taskgroups.TestTaskGroup.test_taskgroup_19",
        "test_taskgroups.TestTaskGroup.test_taskgroup_20a",
        "test_taskgroups.TestTaskGroup.test_taskgroup_21a"
    })
    void failureOfTheBodyComesLast() throws Exception {
        run(() -> {
            ExceptionGroup group = await(raised(
                    ExceptionGroup.class,
                    createTask(failingTwice(new ArithmeticException(), new IllegalArgumentException()))));
            assertEquals(List.of(ArithmeticException.class, IllegalArgumentException.class), types(group));
            group = await(raised(ExceptionGroup.class, failingTwice(new ArithmeticException(), new BaseError())));
            assertEquals(List.of(ArithmeticException.class, BaseError.class), types(group));
            group = await(raised(ExceptionGroup.class, failingTwice(new BaseError(), new IllegalArgumentException())));
            assertEquals(List.of(BaseError.class, IllegalArgumentException.class), types(group));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_20")
    void interruptIsThrownByItself() throws Exception {
        run(() -> {
            InterruptError error = new InterruptError("stop");
            Coroutine<Void> failing = failingTwice(new ArithmeticException(), error);
            assertEquals(error, await(raised(InterruptError.class, failing)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_11")
    void emptyOuterGroupWrapsTheInnerOne() throws Exception {
        run(() -> {
            Task<Void> task = createTask(taskGroup(outer -> innerThatFailsAtTheEnd()));
            await(sleep(0.1));
            task.cancel();
            ExceptionGroup failure = await(raised(ExceptionGroup.class, task));
            assertEquals(List.of(ExceptionGroup.class), types(failure));
            ExceptionGroup inner = (ExceptionGroup) failure.exceptions().get(0);
            assertEquals(5, inner.exceptions().size());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> innerThatFailsAtTheEnd() {
        return taskGroup(group -> {
            for (int i = 0; i < 5; i++) {
                group.createTask(failingAtTheEnd(10, new ArithmeticException()));
            }
            await(sleep(10));
            return Coroutine.done();
        });
    }
}
