package dev.heddle.groups;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.cpython.Blocks.after;
import static dev.heddle.cpython.Blocks.failingAfter;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.types;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Context;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tasks a group takes. */
@ParameterizedClass
@EnumSource
class CPythonTaskGroupTasksIT {

    private final TaskStart start;

    CPythonTaskGroupTasksIT(TaskStart start) {
        this.start = start;
    }

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_23")
    void doneTasksAreForgotten() throws Exception {
        run(() -> {
            await(taskGroup(group -> {
                for (int count = 0; count < 10; count++) {
                    await(sleep(0.1));
                    group.createTask(after(0.3, count));
                    if (count == 5) {
                        assertEquals("<TaskGroup tasks=4 entered>", group.toString());
                    }
                }
                await(sleep(1.35));
                assertEquals("<TaskGroup entered>", group.toString());
                return Coroutine.done();
            }));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> root(TaskGroup group, List<Task<?>> made) {
        await(sleep(0.1));
        made.add(group.createTask(after(0.1, 1)));
        made.add(group.createTask(after(0.2, 2)));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_24")
    void tasksMakeTasksAfterTheBodyHasEnded() throws Exception {
        run(() -> {
            List<Task<?>> made = new ArrayList<>();
            await(taskGroup(group -> {
                group.createTask(root(group, made));
                return Coroutine.done();
            }));
            assertEquals(2, made.size());
            assertTrue(made.stream().allMatch(Task::isDone));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> hydra(TaskGroup group, int[] heads) {
        heads[0]++;
        await(sleep(0.01));
        group.createTask(hydra(group, heads));
        group.createTask(hydra(group, heads));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> hercules(int[] heads) {
        while (heads[0] < 10) {
            await(sleep(0.015));
        }
        throw new ArithmeticException();
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_25")
    void failureEndsTasksThatMakeTasks() throws Exception {
        run(() -> {
            int[] heads = {0};
            ExceptionGroup failure = await(raised(ExceptionGroup.class, taskGroup(group -> {
                group.createTask(hydra(group, heads));
                group.createTask(hercules(heads));
                return Coroutine.done();
            })));
            assertEquals(List.of(ArithmeticException.class), types(failure));
            assertTrue(heads[0] >= 10);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_task_name")
    void taskHasItsName() throws Exception {
        run(() -> {
            await(taskGroup(group -> {
                assertEquals("yolo", group.createTask(after(0, 1), "yolo").name());
                return Coroutine.done();
            }));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> setting(ContextVar<Integer> variable, int value) {
        await(sleep(0));
        variable.set(value);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_task_context")
    void taskRunsInItsContext() throws Exception {
        run(() -> {
            ContextVar<Integer> variable = new ContextVar<>("variable");
            Context context = Context.copyCurrent();
            await(taskGroup(group -> {
                assertNull(context.get(variable));
                await(group.createTask(setting(variable, 1), context));
                assertEquals(1, context.get(variable));
                await(group.createTask(setting(variable, 2), context));
                assertEquals(2, context.get(variable));
                return Coroutine.done();
            }));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> madeTooLate(TaskGroup group, List<String> notes) {
        try {
            await(sleep(1));
        } catch (CancelledError error) {
            notes.add(assertThrows(IllegalStateException.class, () -> group.createTask(after(0, 1)))
                    .getMessage());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_taskgroups.TestTaskGroup.test_taskgroup_no_create_task_after_failure")
    void noTaskIsMadeAfterAFailure() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            ExceptionGroup failure = await(raised(ExceptionGroup.class, taskGroup(group -> {
                group.createTask(failingAfter(0.001, new ArithmeticException()));
                group.createTask(madeTooLate(group, notes));
                return Coroutine.done();
            })));
            assertEquals(List.of(ArithmeticException.class), types(failure));
            assertEquals(
                    List.of(
                            "TaskGroup <TaskGroup tasks=1 errors=1 cancelling> is shutting down; make tasks in it while its"
                                    + " block or one of its tasks runs and nothing has failed"),
                    notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {
                "test_taskgroups.TestTaskGroup.test_taskgroup_finished",
                "test_taskgroups.TestTaskGroup.test_coro_closed_when_tg_closed"
            },
            adapted = "the refused coroutine is shown to be given up by awaiting it")
    void noTaskIsMadeInAFinishedGroup() throws Exception {
        run(() -> {
            TaskGroup group = await(taskGroup(Coroutine::of));
            Coroutine<Integer> refused = after(0, 1);
            assertEquals(
                    "TaskGroup <TaskGroup entered> is finished; make tasks in it while its block or one of its tasks runs and"
                            + " nothing has failed",
                    assertThrows(IllegalStateException.class, () -> group.createTask(refused))
                            .getMessage());
            await(raised(IllegalStateException.class, refused));
            return Coroutine.done();
        });
    }
}
