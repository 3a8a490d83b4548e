package dev.heddle.timeouts;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.timeoutAt;
import static dev.heddle.cpython.Blocks.failingAtTheEnd;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The failure of a block with a timeout if something fails besides the timeout. */
@ParameterizedClass
@EnumSource
class CPythonTimeoutFailuresIT {

    private final TaskStart start;

    CPythonTimeoutFailuresIT(TaskStart start) {
        this.start = start;
    }

    private static final String CAUSES =
            "causes are given by the program, not by the handler an exception is raised in; the timeout is the cause of the"
                    + " cancellation, as a cause cannot be replaced";

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    private static Task<?> current() {
        return Objects.requireNonNull(currentTask());
    }

    @Test
    @Mirrors(value = "test_timeouts.TimeoutTests.test_timeout_exception_context", adapted = CAUSES)
    void cancellationIsTheCauseOfTheTimeout() throws Exception {
        run(() -> {
            TimeoutException failure = await(raised(TimeoutException.class, timeout(seconds(0.01), limit -> {
                await(sleep(1));
                return Coroutine.done();
            })));
            assertNull(
                    assertInstanceOf(CancelledError.class, failure.getCause()).getCause());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(value = "test_timeouts.TimeoutTests.test_foreign_exception_on_timeout", adapted = CAUSES)
    void failureAtTheTimeoutWins() throws Exception {
        run(() -> {
            ArithmeticException failure = new ArithmeticException();
            assertSame(
                    failure,
                    await(raised(
                            ArithmeticException.class, timeout(seconds(0.01), limit -> failingAtTheEnd(1, failure)))));
            assertEquals(0, current().cancelling());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> wrapping(Awaitable<?> awaitable, boolean suppressing) {
        try {
            await(awaitable);
        } catch (CancelledError error) {
            IllegalStateException inner = new IllegalStateException("inner", suppressing ? null : error);
            if (suppressing) {
                inner.addSuppressed(error);
            }
            throw new IllegalArgumentException("outer", inner);
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors(value = "test_timeouts.TimeoutTests.test_foreign_exception_on_timeout_2", adapted = CAUSES)
    void cancellationAmongTheCausesIsExplained() throws Exception {
        run(() -> {
            Throwable outer = await(raised(
                    IllegalArgumentException.class, timeout(seconds(0.01), limit -> wrapping(sleep(1), false))));
            CancelledError error =
                    assertInstanceOf(CancelledError.class, outer.getCause().getCause());
            assertEquals("no result within 0.01 s", explained(error).getMessage());
            return Coroutine.done();
        });
    }

    private static TimeoutException explained(Throwable error) {
        return assertInstanceOf(TimeoutException.class, error.getCause());
    }

    @Test
    void cancellationAmongTheSuppressedIsExplained() throws Exception {
        run(() -> {
            Throwable outer = await(raised(
                    IllegalArgumentException.class, timeout(seconds(0.01), limit -> wrapping(sleep(1), true))));
            explained(outer.getCause().getSuppressed()[0]);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> cancelledBefore(double limit) {
        await(raised(IllegalArgumentException.class, wrapping(cancellingItself(), false)));
        return timeout(seconds(limit), entered -> wrapping(cancellingItself(), false));
    }

    @Async
    private static Coroutine<Void> cancellingItself() {
        current().cancel();
        await(sleep(1));
        return Coroutine.done();
    }

    @Test
    void cancellationBySomebodyElseIsNotExplained() throws Exception {
        run(() -> {
            Throwable outer = await(raised(IllegalArgumentException.class, cancelledBefore(0.01)));
            assertNull(assertInstanceOf(CancelledError.class, outer.getCause().getCause())
                    .getCause());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = "test_timeouts.TimeoutTests.test_nested_timeouts_concurrent",
            adapted = "virtual time does not pass while a step runs: only the outer limit is over")
    void innerLimitIsNotOver() throws Exception {
        run(() -> {
            Coroutine<Void> block = timeout(seconds(0.002), outer -> {
                await(raised(CancelledError.class, limited(0.1)));
                throw new CancelledError();
            });
            await(raised(TimeoutException.class, block));
            return Coroutine.done();
        });
    }

    private static Coroutine<Void> limited(double limit) {
        return timeout(seconds(limit), entered -> cleaning());
    }

    @Async
    private static Coroutine<Void> cleaning() {
        await(sleep(1));
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = "test_timeouts.TimeoutTests.test_nested_timeouts_loop_busy",
            adapted = "virtual time does not pass while a step runs: both limits are over in the same turn")
    void bothLimitsAreOverInTheSameTurn() throws Exception {
        run(() -> {
            Coroutine<Void> block = timeoutAt(0.1, outer -> {
                await(timeoutAt(0.1, inner -> cleaning()));
                await(sleep(10));
                return Coroutine.done();
            });
            await(raised(TimeoutException.class, block));
            assertEquals(0.1, getRunningLoop().time());
            assertEquals(0, current().cancelling());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(value = "test_timeouts.TimeoutTests.test_nested_timeout_in_finally", adapted = CAUSES)
    void limitInCleanUpCode() throws Exception {
        run(() -> {
            TimeoutException outer = await(raised(TimeoutException.class, timeout(seconds(0.01), limit -> {
                try {
                    await(sleep(1));
                } finally {
                    TimeoutException inner = await(raised(TimeoutException.class, limited(0.01)));
                    assertNull(assertInstanceOf(CancelledError.class, inner.getCause())
                            .getCause());
                }
                return Coroutine.done();
            })));
            assertNull(assertInstanceOf(CancelledError.class, outer.getCause()).getCause());
            assertEquals(0.02, getRunningLoop().time());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_timeout_after_cancellation")
    void limitInATaskThatWasCancelledBefore() throws Exception {
        run(() -> {
            await(raised(CancelledError.class, cancellingItself()));
            await(raised(TimeoutException.class, limited(0)));
            assertEquals(1, current().cancelling());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_cancel_in_timeout_after_cancellation")
    void cancellationInALimitAfterACancellation() throws Exception {
        run(() -> {
            await(raised(CancelledError.class, cancellingItself()));
            await(raised(CancelledError.class, timeout(seconds(1), limit -> cancellingItself())));
            assertEquals(2, current().cancelling());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(value = "test_timeouts.TimeoutTests.test_timeout_taskgroup", adapted = CAUSES)
    void failuresOfAGroupWin() throws Exception {
        run(() -> {
            Coroutine<Void> block = timeout(
                    seconds(0.01),
                    limit -> taskGroup(group -> {
                        group.createTask(failingAtTheEnd(2, new ArithmeticException()));
                        group.createTask(wrapping(sleep(2), false));
                        return wrapping(sleep(1), false);
                    }));
            ExceptionGroup failure = await(raised(ExceptionGroup.class, block));
            List<Throwable> failures = failure.exceptions();
            assertEquals(3, failures.size());
            assertInstanceOf(ArithmeticException.class, failures.get(0));
            for (Throwable wrapped : failures.subList(1, 3)) {
                explained(wrapped.getCause().getCause());
            }
            return Coroutine.done();
        });
    }
}
