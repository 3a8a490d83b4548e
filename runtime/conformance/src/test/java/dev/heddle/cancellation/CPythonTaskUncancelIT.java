package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.TimerHandle;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests of {@code test_tasks} about counting requests to cancel a task, and taking them back. */
@ParameterizedClass
@EnumSource
class CPythonTaskUncancelIT {

    private final EventLoop loop = EventLoop.virtualTime();

    CPythonTaskUncancelIT(TaskStart start) {
        start.prepare(loop);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void assertCancelled(Task<?> task) {
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertTrue(task.isDone());
        assertTrue(task.isCancelled());
    }

    @Async
    private static Coroutine<Void> sleeping() {
        await(sleep(10));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Integer> awaiting(Future<Integer> future) {
        await(future);
        return Coroutine.of(12);
    }

    private static Task<?> self() {
        return Objects.requireNonNull(currentTask());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancelling")
    void requestsAreCountedAndShown() {
        Task<Void> task = loop.createTask(sleeping());
        assertEquals(0, task.cancelling());
        assertFalse(task.toString().contains(" cancelling "));
        assertTrue(task.cancel());
        assertEquals(1, task.cancelling());
        assertTrue(task.toString().contains(" cancelling "));
        assertTrue(task.cancel());
        assertCancelled(task);
    }

    @Async
    private static Coroutine<Void> uncancelling() {
        try {
            await(sleep(10));
        } catch (CancelledError error) {
            self().uncancel();
            await(sleep(10));
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_uncancel_basic")
    void requestCanBeTakenBack() {
        Task<Void> task = loop.createTask(uncancelling());
        loop.runUntilComplete(sleep(0.01));
        assertTrue(task.cancel());
        assertTrue(task.toString().contains(" cancelling "));
        assertEquals(1, task.cancelling());
        assertFalse(task.isCancelled());
        loop.runUntilComplete(sleep(0.01));
        assertFalse(task.toString().contains(" cancelling "));
        assertEquals(0, task.cancelling());
        assertFalse(task.isCancelled());
        assertTrue(task.cancel());
        assertEquals(1, task.cancelling());
        assertFalse(task.isCancelled());
        assertCancelled(task);
        task.uncancel();
        assertTrue(task.isDone());
        assertTrue(task.isCancelled());
    }

    /** The events in {@link #request}. */
    private static final class Progress {
        boolean timedOut;
        boolean finished;
        boolean afterwards;
    }

    /** A time-out as a library would write it: only the party that has cancelled takes that back. */
    @Async
    private static Coroutine<Progress> request(double duration, double timeout) {
        Progress progress = new Progress();
        Task<?> task = self();
        TimerHandle timer = getRunningLoop().callLater(timeout, () -> {
            progress.timedOut = true;
            task.cancel();
        });
        try {
            try {
                await(sleep(duration));
                progress.finished = true;
            } catch (CancelledError error) {
                timer.cancel();
                if (progress.timedOut && task.uncancel() == 0) {
                    throw new TimeoutException("too late", error);
                }
                throw error;
            }
            timer.cancel();
        } catch (TimeoutException expected) {
            assertTrue(progress.timedOut);
        }
        progress.afterwards = true;
        await(sleep(0));
        return Coroutine.of(progress);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_uncancel_structured_blocks")
    void blockWithATimeoutIsLeftUncancelled() {
        Task<Progress> late = loop.createTask(request(10, 0.1));
        Progress progress = loop.runUntilComplete(late);
        assertTrue(progress.timedOut);
        assertFalse(progress.finished);
        assertTrue(progress.afterwards);
        assertEquals(0, late.cancelling());
        Task<Progress> inTime = loop.createTask(request(0, 10));
        progress = loop.runUntilComplete(inTime);
        assertFalse(progress.timedOut);
        assertTrue(progress.finished);
        assertEquals(0, inTime.cancelling());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_uncancel_resets_must_cancel")
    void requestTakenBackIsNotDelivered() {
        Future<Integer> future = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(future));
        loop.stop();
        loop.runForever();
        future.setResult(0);
        task.cancel();
        assertEquals(1, task.cancelling());
        task.uncancel();
        assertEquals(0, task.cancelling());
        assertEquals(12, loop.runUntilComplete(task));
    }
}
