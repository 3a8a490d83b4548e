package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests of {@code test_tasks} about cancelling a task. */
@ParameterizedClass
@EnumSource
class CPythonTaskCancellationIT {

    private final EventLoop loop = EventLoop.virtualTime();

    CPythonTaskCancellationIT(TaskStart start) {
        start.prepare(loop);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void runBriefly() {
        loop.stop();
        loop.runForever();
    }

    private CancelledError assertCancelled(Awaitable<?> awaitable) {
        return assertThrows(CancelledError.class, () -> loop.runUntilComplete(awaitable));
    }

    private static void assertEndedCancelled(Task<?> task) {
        assertTrue(task.isDone());
        assertTrue(task.isCancelled());
        assertFalse(task.cancel());
    }

    @Async
    private static Coroutine<Integer> sleeping() {
        await(sleep(10));
        return Coroutine.of(12);
    }

    @Async
    private static Coroutine<Integer> awaiting(Awaitable<?> awaitable) {
        await(awaitable);
        return Coroutine.of(12);
    }

    private static Task<?> self() {
        return Objects.requireNonNull(currentTask());
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_task_cancel_message_getter",
            adapted = "the message is that of the error")
    void errorHasTheMessage() {
        Task<Integer> task = loop.createTask(sleeping());
        task.cancel("my message");
        assertEquals("my message", assertCancelled(task).getMessage());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel")
    void sleepingTaskIsCancelled() {
        Task<Integer> task = loop.createTask(sleeping());
        loop.callSoon(task::cancel);
        assertCancelled(task);
        assertEndedCancelled(task);
        assertEquals(0, loop.time());
    }

    @Async
    private static Coroutine<Void> cancellingAnother(boolean started, @Nullable String message, boolean asksResult) {
        Task<Integer> task = createTask(sleeping());
        if (started) {
            await(sleep(0));
        }
        task.cancel(message);
        await(Asyncio.wait(List.of(task)));
        if (asksResult) {
            task.result();
        } else {
            task.exception();
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = {
                "test_tasks.BaseTaskTests.test_cancel_with_message_then_future_result",
                "test_tasks.BaseTaskTests.test_cancel_with_message_then_future_exception",
                "test_tasks.BaseTaskTests.test_cancel_with_message_before_starting_task"
            },
            adapted = "messages are strings")
    void whoAsksGetsTheMessage() {
        for (boolean started : new boolean[] {true, false}) {
            for (boolean asksResult : new boolean[] {true, false}) {
                assertNull(assertCancelled(cancellingAnother(started, null, asksResult))
                        .getMessage());
                assertEquals(
                        "my message",
                        assertCancelled(cancellingAnother(started, "my message", asksResult))
                                .getMessage());
            }
        }
    }

    @Async
    private static Coroutine<Void> wrapping() {
        Task<Integer> inner = createTask(sleeping());
        await(sleep(0));
        getRunningLoop().callSoon(() -> inner.cancel("msg"));
        try {
            await(inner);
        } catch (CancelledError error) {
            throw new IllegalArgumentException("cancelled", error);
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancellation_exception_context")
    void cancellationIsTheCauseOfWhatIsMadeOfIt() {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> loop.runUntilComplete(wrapping()));
        assertEquals("cancelled", failure.getMessage());
        assertEquals("msg", Objects.requireNonNull(failure.getCause()).getMessage());
    }

    @Async
    private static Coroutine<Integer> yielding() {
        await(sleep(0));
        await(sleep(0));
        return Coroutine.of(12);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_yield")
    void yieldingTaskIsCancelled() {
        Task<Integer> task = loop.createTask(yielding());
        runBriefly();
        task.cancel();
        assertCancelled(task);
        assertEndedCancelled(task);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_inner_future")
    void cancelledFutureCancelsTheTaskThatAwaitsIt() {
        Future<Integer> future = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(future));
        runBriefly();
        future.cancel();
        assertCancelled(task);
        assertTrue(future.isCancelled());
        assertTrue(task.isCancelled());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_both_task_and_inner_future")
    void bothAreCancelled() {
        Future<Integer> future = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(future));
        runBriefly();
        future.cancel();
        task.cancel();
        assertCancelled(task);
        assertTrue(future.isCancelled());
        assertEndedCancelled(task);
    }

    @Async
    private static Coroutine<Integer> catching(Future<Integer> first, Future<Integer> second) {
        await(first);
        try {
            await(second);
        } catch (CancelledError error) {
            return Coroutine.of(42);
        }
        return Coroutine.of(0);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_task_catching")
    void taskMayReturnInstead() {
        Future<Integer> first = loop.createFuture();
        Future<Integer> second = loop.createFuture();
        Task<Integer> task = loop.createTask(catching(first, second));
        runBriefly();
        first.setResult(0);
        runBriefly();
        task.cancel();
        assertTrue(second.isCancelled());
        assertEquals(42, loop.runUntilComplete(task));
        assertFalse(task.isCancelled());
    }

    @Async
    private static Coroutine<Integer> ignoring(Future<Integer> first, Future<Integer> second) {
        try {
            await(first);
        } catch (CancelledError error) {
            // goes on
        }
        return Coroutine.of(await(second));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_task_ignoring")
    void taskMayGoOn() {
        Future<Integer> first = loop.createFuture();
        Future<Integer> second = loop.createFuture();
        Task<Integer> task = loop.createTask(ignoring(first, second));
        runBriefly();
        task.cancel();
        assertTrue(first.isCancelled());
        runBriefly();
        second.setResult(42);
        assertEquals(42, loop.runUntilComplete(task));
        assertFalse(second.isCancelled());
        assertFalse(task.isCancelled());
    }

    @Async
    private static Coroutine<Integer> cancellingItself(boolean awaits) {
        self().cancel();
        if (awaits) {
            await(sleep(100));
        }
        return Coroutine.of(12);
    }

    @Test
    @Mirrors({"test_tasks.BaseTaskTests.test_cancel_current_task", "test_tasks.BaseTaskTests.test_cancel_at_end"})
    void taskMayCancelItself() {
        for (boolean awaits : new boolean[] {true, false}) {
            Task<Integer> task = loop.createTask(cancellingItself(awaits));
            assertCancelled(task);
            assertEndedCancelled(task);
        }
        assertEquals(0, loop.time());
    }

    @Async
    private static Coroutine<Void> cancellingItselfAbove(Task<?> nested) {
        await(sleep(0));
        self().cancel();
        await(nested);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_awaited_task")
    void requestReachesWhatIsAwaitedNext() {
        Future<Integer> future = loop.createFuture();
        Task<Integer> nested = loop.createTask(awaiting(future));
        Task<Void> task = loop.createTask(cancellingItselfAbove(nested));
        assertCancelled(task);
        assertTrue(task.isCancelled());
        assertTrue(nested.isCancelled());
        assertTrue(future.isCancelled());
    }

    @Async
    private static Coroutine<Void> awaitingCancelled() {
        Task<Integer> task = createTask(sleeping());
        await(sleep(0));
        task.cancel();
        await(task);
        return Coroutine.done();
    }

    private static List<String> methods(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .map(StackTraceElement::getMethodName)
                .toList();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_traceback_for_future_result")
    void traceNamesTheInterruptedAwait() {
        List<String> methods = methods(assertCancelled(awaitingCancelled()));
        assertTrue(methods.containsAll(List.of("sleeping", "awaitingCancelled")), methods.toString());
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_cancel_traceback_for_future_exception",
            adapted = "a call that is no await leaves the trace as it is")
    void traceOfTheErrorOfATaskNamesTheInterruptedAwait() {
        List<String> methods = methods(assertCancelled(cancellingAnother(true, null, false)));
        assertTrue(methods.contains("sleeping"), methods.toString());
    }
}
