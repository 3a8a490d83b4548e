package dev.heddle.tasks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests of {@code test_tasks} about sleeping and about what ends a step. */
@ParameterizedClass
@EnumSource
class CPythonTaskStepsIT {

    private final EventLoop loop = EventLoop.virtualTime();

    CPythonTaskStepsIT(TaskStart start) {
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

    @Async
    private static Coroutine<String> sleepingTwice(double seconds, String result) {
        await(sleep(seconds / 2));
        return Coroutine.of(await(sleep(seconds / 2, result)));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_sleep")
    void sleepTakesItsTime() {
        Task<String> task = loop.createTask(sleepingTwice(0.1, "yeah"));
        loop.runUntilComplete(task);
        assertEquals("yeah", task.result());
        assertEquals(0.1, loop.time(), 1e-9);
    }

    @Test
    @Mirrors(value = "test_tasks.BaseTaskTests.test_sleep_when_delay_is_nan", adapted = "an IllegalArgumentException")
    void sleepNeedsANumber() {
        assertThrows(IllegalArgumentException.class, () -> loop.runUntilComplete(sleepingTwice(Double.NaN, "")));
    }

    @Async
    private static <T> Coroutine<T> awaiting(Awaitable<T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_sleep_cancel",
            adapted = "a timer that has been left would move the clock")
    void cancelledSleepTakesItsTimerAway() {
        Task<String> task = loop.createTask(awaiting(sleep(10, "yeah")));
        runBriefly();
        task.cancel();
        runBriefly();
        assertTrue(task.isCancelled());
        assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(loop.createFuture()));
        assertEquals(0, loop.time());
    }

    @Async
    private static Coroutine<String> cancellingSleeper() {
        Task<Void> sleeper = createTask(awaiting(sleep(5000)));
        getRunningLoop().callLater(0.1, sleeper::cancel);
        try {
            await(sleeper);
        } catch (CancelledError error) {
            return Coroutine.of("cancelled");
        }
        return Coroutine.of("slept in");
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_task_cancel_sleeping_task")
    void sleepingTaskIsCancelledByATimer() {
        assertEquals("cancelled", loop.runUntilComplete(cancellingSleeper()));
        assertEquals(0.1, loop.time(), 1e-9);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_task_cancel_waiter_future")
    void cancelledTaskCancelsWhatItAwaits() {
        Future<Integer> future = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(future));
        runBriefly();
        task.cancel();
        runBriefly();
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertTrue(future.isCancelled());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_step_result_future")
    void taskGoesOnWithTheResultOfAFuture() {
        Future<Object> future = loop.createFuture();
        Task<Object> task = loop.createTask(awaiting(future));
        runBriefly();
        assertTrue(future.toString().contains("waiters=1"));
        Object result = new Object();
        future.setResult(result);
        runBriefly();
        assertSame(result, task.result());
    }

    @Async
    private static Coroutine<Void> failingWhenCancelled(InternalError failure) {
        try {
            await(awaiting(sleep(10)));
        } catch (CancelledError error) {
            throw failure;
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_baseexception_during_cancel",
            adapted = "what leaves the loop is an error of the virtual machine")
    void errorThatLeavesTheLoopIsThatOfTheTaskToo() {
        InternalError failure = new InternalError();
        Task<Void> task = loop.createTask(failingWhenCancelled(failure));
        runBriefly();
        task.cancel();
        assertFalse(task.isDone());
        assertSame(failure, assertThrows(InternalError.class, this::runBriefly));
        assertTrue(task.isDone());
        assertFalse(task.isCancelled());
        assertSame(failure, task.exception());
    }

    @Async
    private static Coroutine<Void> failing() {
        throw new IllegalArgumentException("failed");
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_exception_traceback")
    void failureHasItsTrace() {
        Task<Void> task = loop.createTask(failing());
        runBriefly();
        StackTraceElement[] trace = Objects.requireNonNull(task.exception()).getStackTrace();
        assertEquals("failing", trace[0].getMethodName());
    }

    @Async
    private static Coroutine<Void> sleepingZero(List<Integer> numbers) {
        getRunningLoop().callSoon(() -> numbers.add(1));
        assertEquals(List.of(), numbers);
        int number = await(sleep(0, 10));
        assertEquals(List.of(1), numbers);
        numbers.add(number);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.SleepTests.test_sleep_zero")
    void sleepOfZeroLetsOthersRun() {
        List<Integer> numbers = new ArrayList<>();
        loop.runUntilComplete(sleepingZero(numbers));
        assertEquals(List.of(1, 10), numbers);
    }
}
