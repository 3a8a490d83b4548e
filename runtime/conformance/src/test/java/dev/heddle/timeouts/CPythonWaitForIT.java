package dev.heddle.timeouts;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Blocks.after;
import static dev.heddle.cpython.Blocks.failingAtTheEnd;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One awaitable with a limit. */
@ParameterizedClass
@EnumSource
class CPythonWaitForIT {

    private final TaskStart start;

    CPythonWaitForIT(TaskStart start) {
        this.start = start;
    }

    /** As good as no time, but more than none. */
    private static final Duration EPSILON = seconds(0.0001);

    /** The events of the coroutines. */
    private final List<String> notes = new ArrayList<>();

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    /** Ends 0.2 seconds after it has begun, even if it is cancelled. */
    @Async
    private Coroutine<Void> stubborn() {
        double end = getRunningLoop().time() + 0.2;
        while (getRunningLoop().time() < end) {
            try {
                await(sleep(end - getRunningLoop().time()));
            } catch (CancelledError error) {
                notes.add("cancelled");
            }
        }
        notes.add("ends");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_asyncio_wait_for_cancelled")
    void cancelledWaitEndsWithWhatItAwaits() throws Exception {
        run(() -> {
            Task<Void> wait = createTask(waitFor(stubborn(), seconds(0.4)));
            await(sleep(0));
            wait.cancel();
            await(Asyncio.wait(List.of(wait)));
            assertEquals(List.of("cancelled", "ends"), notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_asyncio_wait_for_timeout")
    void expiredWaitEndsWithWhatItAwaits() throws Exception {
        run(() -> {
            await(waitFor(stubborn(), seconds(0.1))); // the result wins
            assertEquals(List.of("cancelled", "ends"), notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_timeout_less_then_0_or_0_future_done")
    void doneFutureNeedsNoTime() throws Exception {
        run(() -> {
            Future<String> future = getRunningLoop().createFuture();
            future.setResult("done");
            assertEquals("done", await(waitFor(future, Duration.ZERO)));
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<String> noting(double delay) {
        notes.add("begins");
        try {
            await(sleep(delay));
        } finally {
            notes.add("ends");
        }
        return Coroutine.of("done");
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started")
    void coroutineWithoutTimeDoesNotBeginUnlessTasksAreEager() throws Exception {
        run(() -> {
            await(raised(TimeoutException.class, waitFor(noting(0), Duration.ZERO)));
            assertEquals(start == TaskStart.EAGER ? List.of("begins", "ends") : List.of(), notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_timeout_less_then_0_or_0")
    void taskWithoutTimeIsCancelled() throws Exception {
        for (int timeout : new int[] {0, -1}) {
            notes.clear();
            run(() -> {
                Task<String> task = createTask(noting(10));
                await(sleep(0));
                await(raised(TimeoutException.class, waitFor(task, seconds(timeout))));
                assertTrue(task.isCancelled());
                assertEquals(List.of("begins", "ends"), notes);
                return Coroutine.done();
            });
        }
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for")
    void expiredTaskIsCancelled() throws Exception {
        run(() -> {
            Task<String> task = createTask(noting(300));
            await(raised(TimeoutException.class, waitFor(task, seconds(0.1))));
            assertTrue(task.isCancelled());
            assertEquals(List.of("begins", "ends"), notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_blocking")
    void noLimit() throws Exception {
        run(() -> {
            assertEquals("done", await(waitFor(after(1000, "done"), null)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_race_condition")
    void resultInTheNextTurn() throws Exception {
        run(() -> {
            Future<String> future = getRunningLoop().createFuture();
            Coroutine<String> wait = waitFor(future, seconds(0.2));
            getRunningLoop().callSoon(() -> future.setResult("ok"));
            assertEquals("ok", await(wait));
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<Integer> swallowing() {
        try {
            await(sleep(10));
        } catch (CancelledError error) {
            return Coroutine.of(42);
        }
        return Coroutine.of(0);
    }

    @Test
    @Mirrors({
        "test_waitfor.AsyncioWaitForTest.test_wait_for_cancellation_race_condition",
        "test_waitfor.AsyncioWaitForTest.test_wait_for_cancel_suppressed"
    })
    void resultWinsOverTheExpiry() throws Exception {
        run(() -> {
            assertEquals(42, await(waitFor(swallowing(), seconds(0.1))));
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<Void> cleaningUp() {
        try {
            await(sleep(10));
        } catch (CancelledError error) {
            await(sleep(0.0001));
            throw error;
        } finally {
            notes.add("ends");
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_waits_for_task_cancellation")
    void expiredTaskIsAwaited() throws Exception {
        run(() -> {
            Task<Void> task = createTask(cleaningUp());
            TimeoutException failure = await(raised(TimeoutException.class, waitFor(task, EPSILON)));
            assertEquals(List.of("ends"), notes);
            assertInstanceOf(CancelledError.class, failure.getCause());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_waits_for_task_cancellation_w_timeout_0")
    void taskWithoutTimeIsAwaited() throws Exception {
        run(() -> {
            Task<Void> task = createTask(cleaningUp());
            await(sleep(0.0001));
            TimeoutException failure = await(raised(TimeoutException.class, waitFor(task, Duration.ZERO)));
            assertEquals(List.of("ends"), notes);
            assertInstanceOf(CancelledError.class, failure.getCause());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_reraises_exception_during_cancellation")
    void failureWinsOverTheExpiry() throws Exception {
        run(() -> {
            Task<Void> task = createTask(failingAtTheEnd(0.2, new ArithmeticException()));
            await(raised(ArithmeticException.class, waitFor(task, EPSILON)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> forEver() {
        await(getRunningLoop().<Void>createFuture());
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_waitfor.AsyncioWaitForTest.test_cancel_blocking_wait_for",
        "test_waitfor.AsyncioWaitForTest.test_cancel_wait_for"
    })
    void cancellingTheWaitCancelsTheTask() throws Exception {
        for (Duration limit : new Duration[] {null, seconds(60)}) {
            run(() -> {
                Task<Void> task = createTask(forEver());
                Task<Void> wait = createTask(waitFor(task, limit));
                getRunningLoop().callSoon(wait::cancel);
                await(raised(CancelledError.class, wait));
                assertTrue(task.isCancelled());
                return Coroutine.done();
            });
        }
    }

    @Async
    private Coroutine<Void> waitingAndSleeping(Task<String> task) {
        await(waitFor(task, seconds(100)));
        await(sleep(1));
        notes.add("goes on");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_waitfor.AsyncioWaitForTest.test_wait_for_issue86296")
    void cancellationIsNotLostWithTheResult() throws Exception {
        run(() -> {
            Task<String> inner = createTask(Coroutine.of("done"));
            Task<Void> task = createTask(waitingAndSleeping(inner));
            await(sleep(0));
            task.cancel();
            await(raised(CancelledError.class, task));
            assertEquals("done", await(inner));
            assertEquals(List.of(), notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.WaitForShieldTests.test_zero_timeout")
    void shieldedTaskRunsOnWithoutTime() throws Exception {
        run(() -> {
            Task<String> task = createTask(after(0.01, "done"));
            Future<String> shielded = shield(task);
            await(raised(TimeoutException.class, waitFor(shielded, Duration.ZERO)));
            assertFalse(task.isDone());
            assertTrue(shielded.isCancelled());
            await(sleep(0.1));
            assertTrue(task.isDone());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.WaitForShieldTests.test_none_timeout")
    void shieldedTaskWithoutLimit() throws Exception {
        run(() -> {
            Task<String> task = createTask(after(0.1, "done"));
            await(waitFor(shield(task), null));
            assertTrue(task.isDone());
            assertEquals("done", await(task));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_waitfor.WaitForShieldTests.test_shielded_timeout")
    void shieldedTaskRunsOnAfterTheExpiry() throws Exception {
        run(() -> {
            Task<String> task = createTask(after(0.1, "done"));
            await(raised(TimeoutException.class, waitFor(shield(task), seconds(0.01))));
            assertFalse(task.isDone());
            assertEquals("done", await(task));
            return Coroutine.done();
        });
    }
}
