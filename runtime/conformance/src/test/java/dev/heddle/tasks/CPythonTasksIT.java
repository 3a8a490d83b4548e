package dev.heddle.tasks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests of {@code test_tasks} about the properties of a task, its text and its reports. */
@ParameterizedClass
@EnumSource
class CPythonTasksIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Map<String, Object>> reports = new ArrayList<>();

    CPythonTasksIT(TaskStart start) {
        start.prepare(loop);
        loop.setExceptionHandler((source, context) -> reports.add(context));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void runBriefly() {
        loop.stop();
        loop.runForever();
    }

    @Async
    private static Coroutine<String> notMuch() {
        return Coroutine.of("ok");
    }

    @Async
    private static <T> Coroutine<T> awaiting(Awaitable<T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_other_loop_future")
    void futureOfAnotherLoopIsRefused() {
        try (EventLoop other = EventLoop.virtualTime()) {
            Future<Integer> future = other.createFuture();
            String message = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(awaiting(future)))
                    .getMessage();
            assertTrue(message.matches("Task .* awaits <Future pending>, which is attached to a different loop, .*"));
        }
    }

    @Async
    private static Coroutine<Void> awaitingItself() {
        await(Objects.requireNonNull(currentTask()));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_task_awaits_on_itself")
    void taskCannotAwaitItself() {
        String message = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(awaitingItself()))
                .getMessage();
        assertTrue(message.startsWith("Task cannot await on itself"), message);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_task_class")
    void taskHasAResultAndALoop() {
        Task<String> task = loop.createTask(notMuch());
        loop.runUntilComplete(task);
        assertTrue(task.isDone());
        assertEquals("ok", task.result());
        assertSame(loop, task.loop());
    }

    @Async
    private static Coroutine<Future<String>> ensuring() {
        return Coroutine.of(ensureFuture(notMuch()));
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_ensure_future_coroutine",
            adapted = "a thread without a loop gets one")
    void coroutineBecomesATask() {
        Future<String> inside = loop.runUntilComplete(ensuring());
        assertSame(loop, inside.loop());
        assertEquals("ok", loop.runUntilComplete(inside));
        Asyncio.setEventLoop(loop);
        try {
            Future<String> outside = ensureFuture(notMuch());
            assertSame(loop, outside.loop());
            assertEquals("ok", loop.runUntilComplete(outside));
        } finally {
            Asyncio.setEventLoop(null);
        }
    }

    @Test
    @Mirrors(
            value = {
                "test_tasks.BaseTaskTests.test_ensure_future_future",
                "test_tasks.BaseTaskTests.test_ensure_future_task",
                "test_tasks.BaseTaskTests.test_ensure_future_error_msg"
            },
            adapted = "the other loop is that of runUntilComplete")
    void futureStaysWhatItIs() {
        Future<String> future = loop.createFuture();
        future.setResult("ko");
        Task<String> task = loop.createTask(notMuch());
        assertSame(future, ensureFuture(future));
        assertSame(task, ensureFuture(task));
        assertEquals("ok", loop.runUntilComplete(task));
        try (EventLoop other = EventLoop.virtualTime()) {
            for (Future<String> each : List.of(future, task)) {
                String message = assertThrows(IllegalArgumentException.class, () -> other.runUntilComplete(each))
                        .getMessage();
                assertTrue(
                        message.startsWith("The future belongs to a different loop than the one specified"), message);
            }
        }
    }

    @Test
    @Mirrors(
            value = {
                "test_tasks.BaseTaskTests.test_ensure_future_awaitable",
                "test_tasks.BaseTaskTests.test_ensure_future_task_awaitable"
            },
            adapted = "the awaitable that is neither future nor coroutine is a sleep")
    void awaitableBecomesATask() {
        Asyncio.setEventLoop(loop);
        try {
            Future<String> task = ensureFuture(sleep(0, "ok"));
            assertEquals("ok", loop.runUntilComplete(task));
            assertTrue(((Task<String>) task).coroutine() instanceof Coroutine);
        } finally {
            Asyncio.setEventLoop(null);
        }
    }

    @Test
    @Mirrors(value = "test_tasks.BaseTaskTests.test_task_repr", adapted = "the text has the words in another order")
    void showsItsState() {
        Task<String> task = loop.createTask(notMuch(), "TestTask");
        String coroutine = " coro=<coroutine dev.heddle.tasks.CPythonTasksIT.notMuch ";
        assertEquals("<Task pending name='TestTask'" + coroutine + "created>>", task.toString());
        task.addDoneCallback(done -> {});
        assertEquals("<Task pending waiters=1 name='TestTask'" + coroutine + "created>>", task.toString());
        task.cancel();
        assertEquals("<Task pending waiters=1 cancelling name='TestTask'" + coroutine + "created>>", task.toString());
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertEquals("<Task cancelled name='TestTask'" + coroutine + "finished>>", task.toString());
        Task<String> finished = loop.createTask(notMuch(), "TestTask");
        loop.runUntilComplete(finished);
        assertEquals("<Task finished result=ok name='TestTask'" + coroutine + "finished>>", finished.toString());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_task_repr_autogenerated")
    void namesAreNumbered() {
        Task<String> first = loop.createTask(notMuch());
        Task<String> second = loop.createTask(notMuch());
        assertTrue(first.name().matches("Task-\\d+") && second.name().matches("Task-\\d+"));
        assertTrue(number(first) < number(second));
        assertTrue(first.toString().contains("name='" + first.name() + "'"));
        loop.runUntilComplete(second);
    }

    private static int number(Task<?> task) {
        return Integer.parseInt(task.name().substring("Task-".length()));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_task_repr_wait_for")
    void showsWhatItAwaits() {
        Future<String> future = loop.createFuture();
        Task<String> task = loop.createTask(awaiting(future));
        runBriefly();
        assertTrue(task.toString().endsWith(" awaits=" + future + ">"), task.toString());
        future.setResult("");
        loop.runUntilComplete(task);
    }

    @Async
    private static Coroutine<Integer> number(int number) {
        return Coroutine.of(number);
    }

    @Async
    private static Coroutine<Integer> adding() {
        int a = await(number(42));
        int b = await(number(1000));
        return Coroutine.of(a + b);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_task_basics")
    void awaitsOthers() {
        assertEquals(1042, loop.runUntilComplete(adding()));
    }

    @Async
    private static Coroutine<Integer> stoppingAtTwo(int[] rounds) {
        while (rounds[0] < 10) {
            await(sleep(0.1));
            rounds[0]++;
            if (rounds[0] == 2) {
                Asyncio.getRunningLoop().stop();
            }
        }
        return Coroutine.of(rounds[0]);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_stop_while_run_in_complete")
    void stoppedLoopLeavesTheTaskPending() {
        int[] rounds = {0};
        Task<Integer> task = loop.createTask(stoppingAtTwo(rounds));
        assertEquals(
                "Event loop stopped before Future completed.",
                assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(task))
                        .getMessage());
        assertFalse(task.isDone());
        assertEquals(2, rounds[0]);
        task.cancel();
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
    }

    @Test
    @Mirrors({
        "test_tasks.SetMethodsTest.test_set_result_causes_invalid_state",
        "test_tasks.SetMethodsTest.test_set_exception_causes_invalid_state",
        "test_tasks.BaseTaskTests.test_task_set_methods"
    })
    void outcomeCannotBeSet() {
        Task<String> task = loop.createTask(notMuch());
        assertThrows(IllegalStateException.class, () -> task.setResult("spam"));
        assertThrows(IllegalStateException.class, () -> task.setException(new IOException()));
        assertEquals("ok", loop.runUntilComplete(task));
    }

    @Async
    private static Coroutine<Void> watchingItself(Future<Void> resumes, Future<Void> wakes, Task<?>[] other) {
        Task<?> self = currentTask();
        await(resumes);
        assertSame(self, currentTask());
        wakes.setResult(null);
        await(sleep(0));
        assertSame(self, currentTask());
        other[0] = self;
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_tasks.BaseTaskTests.test_current_task",
        "test_tasks.BaseTaskTests.test_current_task_with_interleaving_tasks",
        "test_tasks.BaseCurrentLoopTests.test_current_task_with_implicit_loop"
    })
    void currentTaskIsTheOneThatRuns() {
        Future<Void> first = loop.createFuture();
        Future<Void> second = loop.createFuture();
        Future<Void> third = loop.createFuture();
        Task<?>[] seen = new Task<?>[2];
        Task<?>[] other = new Task<?>[1];
        Task<Void> one = loop.createTask(watchingItself(first, second, seen));
        Task<Void> two = loop.createTask(watchingItself(second, third, other));
        loop.callSoon(() -> {
            assertNull(currentTask());
            first.setResult(null);
        });
        loop.runUntilComplete(one);
        loop.runUntilComplete(two);
        assertSame(one, seen[0]);
        assertSame(two, other[0]);
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_log_destroyed_pending_task",
            adapted = "when the loop is closed, as it keeps its tasks until then")
    void pendingTaskIsReportedWhenTheLoopIsClosed() {
        loop.setDebug(true);
        Task<Object> task = loop.createTask(awaiting(loop.createFuture()));
        runBriefly();
        loop.close();
        assertEquals("Task was destroyed but it is pending!", reports.get(0).get("message"));
        assertSame(task, reports.get(0).get("task"));
        List<?> stack = (List<?>) Objects.requireNonNull(reports.get(0).get("source_traceback"));
        assertEquals("pendingTaskIsReportedWhenTheLoopIsClosed", ((StackTraceElement) stack.get(0)).getMethodName());
    }

    @Async
    private static Coroutine<Void> failing() {
        throw new IllegalArgumentException("failed");
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_tb_logger_not_called_after_cancel")
    void failureOfATaskThatIsCancelledAfterwardsIsNotReported() {
        Task<Void> task = loop.createTask(failing());
        runBriefly();
        task.cancel();
        loop.callLater(5, loop::stop);
        loop.runForever();
        assertEquals(List.of(), reports);
    }

    @Test
    @Mirrors(value = "test_tasks.BaseTaskTests.test_task_source_traceback", adapted = "told by the text of the task")
    void debugModeTellsWhereItWasMade() {
        loop.setDebug(true);
        Task<String> task = loop.createTask(notMuch());
        String text = task.toString();
        assertTrue(text.matches("<Task pending created at CPythonTasksIT.java:\\d+ name=.*"), text);
        loop.runUntilComplete(task);
    }

    @Async
    private static Coroutine<String> making() {
        Task<String> task = createTask(notMuch(), "No-op");
        assertEquals("No-op", task.name());
        return Coroutine.of(await(createTask(notMuch())) + await(task));
    }

    @Test
    @Mirrors({
        "test_tasks.BaseTaskTests.test_bare_create_task",
        "test_tasks.BaseTaskTests.test_bare_create_named_task",
        "test_tasks.BaseTaskTests.test_create_task_with_async_function"
    })
    void taskIsMadeInTheRunningLoop() {
        assertEquals("okok", loop.runUntilComplete(making()));
    }

    @Test
    @Mirrors({
        "test_tasks.BaseCurrentLoopTests.test_current_task_no_running_loop",
        "test_tasks.BaseCurrentLoopTests.test_current_task_no_running_loop_implicit"
    })
    void thereIsNoCurrentTaskWithoutARunningLoop() {
        String message =
                assertThrows(IllegalStateException.class, Asyncio::currentTask).getMessage();
        assertTrue(message.startsWith("no running event loop"), message);
    }
}
