package dev.heddle.sync.barrier;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.sync.barrier.CPythonBarrierIT.assertIdle;
import static dev.heddle.sync.barrier.CPythonBarrierIT.tasks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BrokenBarrierException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_locks.BarrierTests}: resetting and aborting, with five parties. */
@ParameterizedClass
@EnumSource
class CPythonBarrierResetIT {

    private final TaskStart start;

    CPythonBarrierResetIT(TaskStart start) {
        this.start = start;
    }

    private static final int PARTIES = 5;

    /** The number of tasks that passed each place. */
    private static final class Counts {
        int broken;
        int brokenAgain;
        int passed;
        int passedAgain;
        int left;
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_reset_barrier")
    void resetOfAnEmptyBarrier() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(1);
            createTask(barrier.reset());
            await(sleep(0));
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> expectBroken(Barrier barrier, Counts counts) {
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException e) {
            assertTrue(e.getMessage().startsWith("Abort or reset of barrier: <Barrier "), e.getMessage());
            counts.broken++;
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_reset_barrier_while_tasks_waiting")
    void resetThrowsInThoseThatWait() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Counts counts = new Counts();
            List<Task<Void>> tasks = tasks(PARTIES - 1, () -> expectBroken(barrier, counts));
            await(sleep(0));
            await(barrier.reset());
            await(gather(tasks));
            assertEquals(PARTIES - 1, counts.broken);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> resetWhenSomeHaveLeft(Barrier barrier, Counts counts) {
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException e) {
            counts.broken++;
            return Coroutine.done();
        }
        counts.left++;
        if (PARTIES - counts.left == PARTIES / 2) {
            await(barrier.reset());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = "test_locks.BarrierTests.test_reset_barrier_when_tasks_half_draining",
            adapted = "counts those that have left, as the barrier does not show its own count")
    void resetThrowsInThoseThatHaveNotLeft() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Counts counts = new Counts();
            await(gather(tasks(PARTIES, () -> resetWhenSomeHaveLeft(barrier, counts))));
            assertEquals(PARTIES / 2, counts.broken);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> resetWhenSomeWaitOutside(Barrier barrier, Counts counts) {
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException e) {
            counts.broken++;
            await(barrier.arrive());
            return Coroutine.done();
        }
        counts.left++;
        if (counts.left > PARTIES / 2) {
            await(barrier.reset());
            await(barrier.arrive());
            return Coroutine.done();
        }
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException e) {
            counts.brokenAgain++;
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_reset_barrier_when_tasks_half_draining_half_blocking")
    void resetDoesNotConcernThoseOutside() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Counts counts = new Counts();
            await(gather(tasks(PARTIES, () -> resetWhenSomeWaitOutside(barrier, counts))));
            assertEquals(PARTIES / 2, counts.broken);
            assertEquals(0, counts.brokenAgain);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> arriveAgainInFinally(Barrier barrier, Counts counts) {
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException e) {
            counts.broken++;
        } finally {
            await(barrier.arrive());
            counts.passed++;
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> arriveOnce(Barrier barrier, Counts counts) {
        await(barrier.arrive());
        counts.passed++;
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> resetIt(Barrier barrier) {
        return barrier.reset();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_reset_barrier_while_tasks_waiting_and_waiting_again")
    void thoseThatWereBrokenArriveAgain() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Counts counts = new Counts();
            List<Task<Void>> tasks = tasks(PARTIES - 1, () -> arriveAgainInFinally(barrier, counts));
            createTask(resetIt(barrier));
            await(sleep(0));
            Task<Void> last = createTask(arriveOnce(barrier, counts));
            await(gather(tasks));
            await(last);
            assertEquals(PARTIES - 1, counts.broken);
            assertEquals(PARTIES, counts.passed);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> lastOneResets(Barrier barrier, Counts counts) {
        await(barrier.arrive());
        counts.left++;
        if (counts.left == PARTIES) {
            await(barrier.reset());
            await(barrier.arrive());
        } else {
            try {
                await(barrier.arrive());
                counts.passed++;
            } catch (BrokenBarrierException e) {
                counts.broken++;
            }
        }
        await(barrier.arrive());
        counts.passedAgain++;
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_reset_barrier_while_tasks_draining")
    void resetByTheLastToLeave() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Counts counts = new Counts();
            await(gather(tasks(PARTIES, () -> lastOneResets(barrier, counts))));
            assertEquals(PARTIES - 1, counts.passed);
            assertEquals(0, counts.broken);
            assertEquals(PARTIES, counts.passedAgain);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_abort_barrier")
    void abortOfAnEmptyBarrier() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(1);
            createTask(barrier.abort());
            await(sleep(0));
            assertEquals(0, barrier.waiting());
            assertTrue(barrier.isBroken());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> abortWhenSomeWaitOutside(Barrier barrier, Counts counts) {
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException e) {
            counts.broken++;
            return Coroutine.done();
        }
        counts.left++;
        if (counts.left > PARTIES / 2) {
            await(barrier.abort());
            return Coroutine.done();
        }
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException e) {
            assertEquals("Barrier aborted: <Barrier broken>; reset() makes it usable again", e.getMessage());
            counts.brokenAgain++;
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_abort_barrier_when_tasks_half_draining_half_blocking")
    void abortThrowsInAll() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Counts counts = new Counts();
            await(gather(tasks(PARTIES, () -> abortWhenSomeWaitOutside(barrier, counts))));
            assertTrue(barrier.isBroken());
            assertEquals(PARTIES / 2, counts.broken);
            assertEquals(PARTIES - PARTIES / 2 - 1, counts.brokenAgain);
            assertEquals(0, barrier.waiting());
            return Coroutine.done();
        });
    }

    /** Passes the barrier, where the one in the middle fails, and arrives again. */
    @Async
    private static Coroutine<Void> abortOnFailure(Barrier barrier, Counts counts) {
        try {
            if (await(barrier.arrive()) == PARTIES / 2) {
                throw new IllegalArgumentException("fails");
            }
            await(barrier.arrive());
            counts.passed++;
        } catch (BrokenBarrierException e) {
            counts.broken++;
        } catch (IllegalArgumentException e) {
            await(barrier.abort());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_abort_barrier_when_exception")
    void abortByOneThatFails() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Counts counts = new Counts();
            await(gather(tasks(PARTIES, () -> abortOnFailure(barrier, counts))));
            assertTrue(barrier.isBroken());
            assertEquals(0, counts.passed);
            assertEquals(PARTIES - 1, counts.broken);
            assertEquals(0, barrier.waiting());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> abortThenReset(Barrier barrier, Barrier second, Counts counts) {
        await(abortOnFailure(barrier, counts));
        if (await(second.arrive()) == PARTIES / 2) {
            await(barrier.reset());
        }
        await(second.arrive());
        await(barrier.arrive());
        counts.passedAgain++;
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_abort_barrier_when_exception_then_resetting")
    void resetAfterAbort() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(PARTIES);
            Barrier second = new Barrier(PARTIES);
            Counts counts = new Counts();
            await(gather(tasks(PARTIES, () -> abortThenReset(barrier, second, counts))));
            assertEquals(0, counts.passed);
            assertEquals(PARTIES - 1, counts.broken);
            assertEquals(PARTIES, counts.passedAgain);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }
}
