package dev.heddle.groups;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.cpython.Blocks.after;
import static dev.heddle.cpython.Blocks.failingAfter;
import static dev.heddle.cpython.Blocks.failingAtTheEnd;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.sleeping;
import static dev.heddle.cpython.Blocks.types;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Task groups that are cancelled from outside. */
@ParameterizedClass
@EnumSource
class CPythonTaskGroupCancellationIT {

    private final TaskStart start;

    CPythonTaskGroupCancellationIT(TaskStart start) {
        this.start = start;
    }

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    /** Cancels a task of {@code coroutine} after a while, and returns its failure. */
    @Async
    private static <X extends Throwable> Coroutine<X> cancelled(Class<X> type, Coroutine<?> coroutine, double delay) {
        Task<?> task = createTask(coroutine);
        await(sleep(delay));
        assertFalse(task.isDone());
        task.cancel();
        return Coroutine.of(await(raised(type, task)));
    }

    private static int cancelling() {
        return Objects.requireNonNull(currentTask()).cancelling();
    }

    @Test
    @Mirrors({"test_taskgroups.TestTaskGroup.test_cancellation", "test_taskgroups.TestTaskGroup.test_taskgroup_22"})
    void cancellingTheParentCancelsTheTasks() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            await(cancelled(
                    CancelledError.class,
                    taskGroup(group -> {
                        for (int i = 0; i < 5; i++) {
                            group.createTask(sleeping(5, notes, "task"));
                        }
                        return Coroutine.done();
                    }),
                    0.1));
            assertEquals(Collections.nCopies(5, "task"), notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_07")
    void cancellingTheParentInTheBodyCancelsTheTasks() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            await(cancelled(
                    CancelledError.class,
                    taskGroup(group -> {
                        group.createTask(sleeping(5, notes, "task"));
                        group.createTask(sleeping(5, notes, "task"));
                        return sleeping(10, notes, "body");
                    }),
                    0.1));
            assertEquals(List.of("body", "task", "task"), notes);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> tasksThatFailAtTheEnd(TaskGroup group) {
        for (int i = 0; i < 5; i++) {
            group.createTask(failingAtTheEnd(10, new ArithmeticException()));
        }
        await(sleep(10));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_08")
    void failuresOfCancelledTasksWin() throws Exception {
        run(() -> {
            ExceptionGroup failure = await(cancelled(
                    ExceptionGroup.class, taskGroup(CPythonTaskGroupCancellationIT::tasksThatFailAtTheEnd), 0.1));
            assertEquals(Collections.nCopies(5, ArithmeticException.class), types(failure));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_12")
    void failuresInANestedGroupWin() throws Exception {
        run(() -> {
            ExceptionGroup outer = await(cancelled(
                    ExceptionGroup.class,
                    taskGroup(group -> {
                        group.createTask(after(10, 1));
                        return taskGroup(CPythonTaskGroupCancellationIT::tasksThatFailAtTheEnd);
                    }),
                    0.1));
            assertEquals(List.of(ExceptionGroup.class), types(outer));
            ExceptionGroup inner = (ExceptionGroup) outer.exceptions().get(0);
            assertEquals(Collections.nCopies(5, ArithmeticException.class), types(inner));
            return Coroutine.done();
        });
    }

    /** A group with a task that fails while the body, which is cancelled before, cleans up. */
    @Async
    private static Coroutine<Void> failingWhileCleaningUp() {
        return taskGroup(group -> {
            group.createTask(failingAfter(0.3, new ArithmeticException()));
            try {
                await(sleep(10));
            } catch (CancelledError error) {
                await(sleep(0.5));
                throw error;
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> awaitingTask(Coroutine<Void> coroutine) {
        await(createTask(coroutine));
        return Coroutine.done();
    }

    @Test
    @Mirrors({"test_taskgroups.TestTaskGroup.test_taskgroup_15", "test_taskgroups.TestTaskGroup.test_taskgroup_16"})
    void failureWhileTheBodyCleansUpWins() throws Exception {
        run(() -> {
            ExceptionGroup failure = await(cancelled(ExceptionGroup.class, failingWhileCleaningUp(), 0.1));
            assertEquals(List.of(ArithmeticException.class), types(failure));
            failure = await(cancelled(ExceptionGroup.class, awaitingTask(failingWhileCleaningUp()), 0.1));
            assertEquals(List.of(ArithmeticException.class), types(failure));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_17")
    void groupWithoutTasksIsCancelled() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            await(cancelled(CancelledError.class, taskGroup(group -> sleeping(10, notes, "body")), 0.1));
            assertEquals(List.of("body"), notes);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> changingTheError() {
        try {
            await(sleep(10));
        } catch (CancelledError error) {
            throw new IllegalArgumentException("instead");
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_18")
    void bodyMayFailInsteadOfBeingCancelled() throws Exception {
        run(() -> {
            ExceptionGroup failure =
                    await(cancelled(ExceptionGroup.class, taskGroup(group -> changingTheError()), 0.1));
            assertEquals(List.of(IllegalArgumentException.class), types(failure));
            return Coroutine.done();
        });
    }

    private static final class Database implements AutoCloseable {
        @Override
        public void close() {
            throw new IllegalArgumentException("close");
        }
    }

    @Test
    @Mirrors(
            value = "test_taskgroups.TestTaskGroup.test_taskgroup_context_manager_exit_raises",
            adapted = "what fails in close() is suppressed by the cancellation, so that it is no failure of the group")
    void resourceThatFailsWhileItIsClosed() throws Exception {
        run(() -> {
            Coroutine<Void> using = taskGroup(group -> {
                try (Database database = new Database()) {
                    assertNotNull(database);
                    group.createTask(failingAfter(0, new ArithmeticException()));
                    await(sleep(1));
                }
                return Coroutine.done();
            });
            Task<Integer> task = createTask(levelAfter(ArithmeticException.class, using));
            assertEquals(0, await(task));
            return Coroutine.done();
        });
    }

    /** Awaits a group that fails with one {@code type}, and returns the number of requests to cancel the task afterwards. */
    @Async
    private static Coroutine<Integer> levelAfter(Class<?> type, Coroutine<?> group) {
        assertEquals(List.of(type), types(await(raised(ExceptionGroup.class, group))));
        return Coroutine.of(cancelling());
    }

    @Async
    private static Coroutine<Void> oneThatFails(RuntimeException failure) {
        return taskGroup(group -> {
            group.createTask(failingAfter(0, failure));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_cancelling_level_preserved")
    void groupTakesItsOwnCancellationBack() throws Exception {
        run(() -> {
            assertEquals(0, await(levelAfter(ArithmeticException.class, oneThatFails(new ArithmeticException()))));
            await(sleep(0)); // nothing is left to be delivered
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_nested_groups_both_cancelled")
    void bothOfTwoNestedGroupsFail() throws Exception {
        run(() -> {
            ExceptionGroup failure = await(raised(ExceptionGroup.class, taskGroup(outer -> {
                int level = await(levelAfter(ArithmeticException.class, taskGroup(inner -> {
                    inner.createTask(failingAfter(0, new ArithmeticException()));
                    outer.createTask(failingAfter(0, new IllegalArgumentException()));
                    return Coroutine.done();
                })));
                assertEquals(1, level);
                return Coroutine.done();
            })));
            assertEquals(List.of(IllegalArgumentException.class), types(failure));
            assertEquals(0, cancelling());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> failingInTheNextTurn(Future<Void> begun) {
        begun.setResult(null);
        await(sleep(0));
        throw new ArithmeticException();
    }

    @Async
    private static Coroutine<Void> failingAndCancelled(Future<Void> begun, List<String> notes) {
        int level = await(levelAfter(ArithmeticException.class, taskGroup(group -> {
            group.createTask(failingInTheNextTurn(begun));
            await(sleep(1));
            notes.add("slept in the group");
            return Coroutine.done();
        })));
        assertEquals(1, level);
        await(sleep(1));
        notes.add("slept after the group");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_error_and_cancel")
    void cancellationIsDeliveredAgainAfterAFailure() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            Future<Void> begun = getRunningLoop().createFuture();
            Task<Void> task = createTask(failingAndCancelled(begun, notes));
            await(begun);
            assertEquals(0, task.cancelling());
            task.cancel();
            assertEquals(1, task.cancelling());
            await(raised(CancelledError.class, task));
            assertTrue(task.isCancelled());
            assertEquals(List.of(), notes);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> makingOneThatFails(TaskGroup group, List<String> notes) {
        group.createTask(failingAfter(0, new ArithmeticException()));
        try {
            await(sleep(1));
        } catch (CancelledError error) {
            notes.add("cancelled at an await");
        }
        return Coroutine.done();
    }

    /** CPython has the test since 3.14: a task is not cancelled inside the call in which it makes one that fails at once. */
    @Test
    void taskIsNotCancelledWhileItMakesATask() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            ExceptionGroup failure = await(raised(ExceptionGroup.class, taskGroup(group -> {
                group.createTask(makingOneThatFails(group, notes));
                return Coroutine.done();
            })));
            assertEquals(List.of(ArithmeticException.class), types(failure));
            assertEquals(List.of("cancelled at an await"), notes);
            return Coroutine.done();
        });
    }
}
