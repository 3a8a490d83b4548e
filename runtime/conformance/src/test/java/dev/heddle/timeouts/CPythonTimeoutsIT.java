package dev.heddle.timeouts;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.timeoutAt;
import static dev.heddle.cpython.Blocks.failingAfter;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.seconds;
import static dev.heddle.cpython.Blocks.sleeping;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.Timeout;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks with a limit: when they are cancelled, and what becomes of the cancellation. */
@ParameterizedClass
@EnumSource
class CPythonTimeoutsIT {

    private final TaskStart start;

    CPythonTimeoutsIT(TaskStart start) {
        this.start = start;
    }

    /** The limits of the blocks in the order in which they were entered. */
    private final List<Timeout> limits = new ArrayList<>();

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    @Async
    private Coroutine<Void> slept(Timeout limit, double delay) {
        limits.add(limit);
        await(sleep(delay));
        return Coroutine.done();
    }

    /** Sleeps for {@code delay} within {@code limit} seconds. */
    private Coroutine<Void> limited(double limit, double delay) {
        return timeout(seconds(limit), entered -> slept(entered, delay));
    }

    private Timeout limit() {
        return limits.get(0);
    }

    @Test
    @Mirrors({"test_timeouts.TimeoutTests.test_timeout_basic", "test_timeouts.TimeoutTests.test_repr_expired"})
    void tooLate() throws Exception {
        run(() -> {
            TimeoutException failure = await(raised(TimeoutException.class, limited(0.01, 10)));
            assertEquals("no result within 0.01 s", failure.getMessage());
            assertEquals(0.01, getRunningLoop().time());
            assertTrue(limit().expired());
            assertEquals("<Timeout [expired]>", limit().toString());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_timeout_at_basic")
    void tooLateForATime() throws Exception {
        run(() -> {
            double deadline = getRunningLoop().time() + 0.01;
            await(raised(TimeoutException.class, timeoutAt(deadline, limit -> slept(limit, 10))));
            assertTrue(limit().expired());
            assertEquals(deadline, limit().when());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_nested_timeouts")
    void outerOfTwoWithTheSameDeadlineRaises() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            double deadline = getRunningLoop().time() + 0.01;
            Coroutine<Void> block = timeoutAt(deadline, outer -> {
                limits.add(outer);
                try {
                    await(timeoutAt(deadline, inner -> slept(inner, 10)));
                } catch (CancelledError error) {
                    notes.add("cancelled");
                    throw error;
                }
                return Coroutine.done();
            });
            await(raised(TimeoutException.class, block));
            assertEquals(List.of("cancelled"), notes);
            assertTrue(limits.get(0).expired());
            assertTrue(limits.get(1).expired());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_waiter_cancelled")
    void awaitIsCancelled() throws Exception {
        run(() -> {
            List<String> notes = new ArrayList<>();
            await(raised(TimeoutException.class, timeout(seconds(0.01), limit -> sleeping(10, notes, "cancelled"))));
            assertEquals(List.of("cancelled"), notes);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({"test_timeouts.TimeoutTests.test_timeout_not_called", "test_timeouts.TimeoutTests.test_repr_finished"})
    void inTime() throws Exception {
        run(() -> {
            await(limited(10, 0.01));
            assertFalse(limit().expired());
            assertEquals(10, limit().when());
            assertEquals("<Timeout [finished]>", limit().toString());
            await(sleep(20)); // nothing comes later
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_timeouts.TimeoutTests.test_timeout_disabled",
        "test_timeouts.TimeoutTests.test_timeout_at_disabled",
        "test_timeouts.TimeoutTests.test_repr_disabled"
    })
    void withoutLimit() throws Exception {
        run(() -> {
            await(timeout(null, limit -> slept(limit, 0.01)));
            await(timeoutAt(Double.POSITIVE_INFINITY, limit -> slept(limit, 0.01)));
            for (Timeout limit : limits) {
                assertFalse(limit.expired());
                assertEquals(Double.POSITIVE_INFINITY, limit.when());
            }
            await(timeout(null, limit -> {
                assertEquals("<Timeout [active] when=none>", limit.toString());
                return Coroutine.done();
            }));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_timeouts.TimeoutTests.test_timeout_zero",
        "test_timeouts.TimeoutTests.test_timeout_zero_sleep_zero",
        "test_timeouts.TimeoutTests.test_timeout_in_the_past_sleep_zero"
    })
    void withoutTime() throws Exception {
        double[][] cases = {{0, 10}, {0, 0}, {-11, 0}};
        for (double[] timeAndSleep : cases) {
            limits.clear();
            run(() -> {
                TimeoutException failure =
                        await(raised(TimeoutException.class, limited(timeAndSleep[0], timeAndSleep[1])));
                assertEquals("no result within 0 s", failure.getMessage());
                assertTrue(limit().expired());
                assertEquals(timeAndSleep[0], limit().when());
                assertEquals(0, getRunningLoop().time());
                return Coroutine.done();
            });
        }
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_foreign_exception_passed")
    void otherFailurePasses() throws Exception {
        run(() -> {
            Coroutine<Void> block = timeout(seconds(0.01), limit -> {
                limits.add(limit);
                throw new NoSuchElementException();
            });
            await(raised(NoSuchElementException.class, block));
            assertFalse(limit().expired());
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<Void> cancellingItself(Timeout limit) {
        limits.add(limit);
        Objects.requireNonNull(currentTask()).cancel();
        await(sleep(10));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_foreign_cancel_doesnt_timeout_if_not_expired")
    void otherCancellationPasses() throws Exception {
        run(() -> {
            await(raised(CancelledError.class, timeout(seconds(10), this::cancellingItself)));
            assertFalse(limit().expired());
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<Void> catching() {
        await(raised(TimeoutException.class, limited(0.001, 10)));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_outer_task_is_not_cancelled")
    void taskIsNotCancelled() throws Exception {
        run(() -> {
            Task<Void> task = createTask(catching());
            await(task);
            assertFalse(task.isCancelled());
            assertEquals(0, task.cancelling());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_reschedule")
    void rescheduling() throws Exception {
        run(() -> {
            Future<Timeout> entered = getRunningLoop().createFuture();
            Task<Void> task = createTask(timeoutAt(10, limit -> {
                entered.setResult(limit);
                return slept(limit, 50);
            }));
            Timeout limit = await(entered);
            assertEquals(10, limit.when());
            limit.rescheduleAt(30);
            assertEquals(30, limit.when());
            limit.reschedule(seconds(40));
            assertEquals(40, limit.when());
            limit.reschedule(null);
            assertEquals(Double.POSITIVE_INFINITY, limit.when());
            task.cancel();
            await(raised(CancelledError.class, task));
            assertFalse(limit.expired());
            return Coroutine.done();
        });
    }

    /** The purpose of rescheduling. CPython's test checks only the deadline. */
    @Test
    void rescheduledBlockIsCancelledAtTheNewTime() throws Exception {
        double[] newLimits = {5, 1, 0, -1};
        double[] expected = {7, 3, 2, 2};
        for (int i = 0; i < newLimits.length; i++) {
            double newLimit = newLimits[i];
            double end = expected[i];
            run(() -> {
                Coroutine<Void> block = timeout(seconds(3), limit -> {
                    await(sleep(2));
                    limit.reschedule(seconds(newLimit));
                    return slept(limit, 50);
                });
                await(raised(TimeoutException.class, block));
                assertEquals(end, getRunningLoop().time());
                return Coroutine.done();
            });
        }
    }

    @Test
    @Mirrors("test_timeouts.TimeoutTests.test_repr_active")
    void textOfARunningLimit() throws Exception {
        run(() -> {
            await(timeout(seconds(10.12345), limit -> {
                assertEquals("<Timeout [active] when=10.123>", limit.toString());
                return Coroutine.done();
            }));
            return Coroutine.done();
        });
    }

    private static void assertCannotBeRescheduled(String state, Timeout limit) {
        assertEquals(
                "Cannot change state of " + state + " Timeout; reschedule it before its time is over, inside its block",
                assertThrows(IllegalStateException.class, () -> limit.reschedule(seconds(0.02)))
                        .getMessage());
    }

    @Test
    @Mirrors({
        "test_timeouts.TimeoutTests.test_timeout_finished",
        "test_timeouts.TimeoutTests.test_timeout_expired",
        "test_timeouts.TimeoutTests.test_timeout_expiring"
    })
    void reschedulingTooLate() throws Exception {
        run(() -> {
            await(limited(0.01, 0));
            assertCannotBeRescheduled("finished", limits.get(0));
            await(raised(TimeoutException.class, limited(0.01, 1)));
            assertCannotBeRescheduled("expired", limits.get(1));
            await(timeout(seconds(0.01), limit -> {
                await(raised(CancelledError.class, failingAfter(1, new AssertionError())));
                assertCannotBeRescheduled("expiring", limit);
                assertTrue(limit.expired());
                return Coroutine.done();
            }));
            return Coroutine.done();
        });
    }
}
