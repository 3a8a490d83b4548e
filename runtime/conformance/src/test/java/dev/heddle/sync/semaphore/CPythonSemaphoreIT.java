package dev.heddle.sync.semaphore;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Failures.thrown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Semaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_locks.SemaphoreTests}. */
@ParameterizedClass
@EnumSource
class CPythonSemaphoreIT {

    private final TaskStart start;

    CPythonSemaphoreIT(TaskStart start) {
        this.start = start;
    }

    @Async
    private static <T> Coroutine<Boolean> acquire(Semaphore semaphore, List<T> result, T tag) {
        await(semaphore.acquire());
        result.add(tag);
        return Coroutine.of(true);
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_initial_value_zero")
    void withoutPermits() {
        assertTrue(new Semaphore(0).locked());
    }

    @Test
    @Mirrors(value = "test_locks.SemaphoreTests.test_repr", adapted = "the text is another")
    void text() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            assertEquals("<Semaphore unlocked permits=1>", semaphore.toString());
            await(semaphore.acquire());
            assertEquals("<Semaphore locked>", semaphore.toString());
            createTask(semaphore.acquire());
            createTask(semaphore.acquire());
            await(sleep(0));
            assertEquals("<Semaphore locked waiters=2>", semaphore.toString());
            assertEquals("<BoundedSemaphore unlocked permits=2>", new BoundedSemaphore(2).toString());
            semaphore.release();
            semaphore.release();
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_semaphore_value")
    void negativeNumber() {
        Throwable failure = assertThrows(IllegalArgumentException.class, () -> new Semaphore(-1));
        assertEquals(
                "Semaphore initial value must be >= 0: -1; with 0, release() before anybody can acquire",
                failure.getMessage());
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire")
    void permitsGoToWhoCameFirst() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(3);
            List<Integer> result = new ArrayList<>();
            await(semaphore.acquire());
            await(semaphore.acquire());
            assertFalse(semaphore.locked());
            Task<Boolean> t1 = createTask(acquire(semaphore, result, 1));
            Task<Boolean> t2 = createTask(acquire(semaphore, result, 2));
            Task<Boolean> t3 = createTask(acquire(semaphore, result, 3));
            await(sleep(0));
            assertEquals(List.of(1), result);
            assertEquals("<Semaphore locked waiters=2>", semaphore.toString());
            Task<Boolean> t4 = createTask(acquire(semaphore, result, 4));
            semaphore.release();
            semaphore.release();
            assertTrue(semaphore.locked());
            await(sleep(0));
            assertEquals(List.of(1, 2, 3), result);
            assertEquals("<Semaphore locked waiters=1>", semaphore.toString());
            assertTrue(t1.result() && t2.result() && t3.result());
            semaphore.release();
            assertTrue(await(t4));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_cancel")
    void cancelledWaiterLeaves() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            await(semaphore.acquire());
            Task<Lock.Held> task = createTask(semaphore.acquire());
            getRunningLoop().callSoon(task::cancel);
            await(thrown(CancelledError.class, task));
            assertEquals("<Semaphore locked>", semaphore.toString());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_cancel_before_awoken")
    void cancelledWaitersGetNoPermit() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<Lock.Held> t1 = createTask(semaphore.acquire());
            Task<Lock.Held> t2 = createTask(semaphore.acquire());
            Task<Lock.Held> t3 = createTask(semaphore.acquire());
            Task<Lock.Held> t4 = createTask(semaphore.acquire());
            await(sleep(0));
            t1.cancel();
            t2.cancel();
            semaphore.release();
            await(sleep(0));
            await(sleep(0));
            assertTrue(t3.isDone());
            assertFalse(t4.isDone());
            t4.cancel();
            await(sleep(0));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_hang")
    void releaseAfterACancelDoesNotHang() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<Lock.Held> t1 = createTask(semaphore.acquire());
            Task<Lock.Held> t2 = createTask(semaphore.acquire());
            await(sleep(0));
            t1.cancel();
            semaphore.release();
            await(sleep(0));
            await(sleep(0));
            assertTrue(semaphore.locked());
            assertTrue(t2.isDone());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> holdThenCancel(Semaphore semaphore, List<Task<?>> other) {
        try (Lock.Held held = await(semaphore.acquire())) {
            await(sleep(0));
        }
        other.get(0).cancel();
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> neverGetsIn(Semaphore semaphore) {
        try (Lock.Held held = await(semaphore.acquire())) {
            throw new AssertionError("has acquired although it was cancelled");
        }
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_no_hang")
    void wokenWaiterThatIsCancelledGivesItsPermitBack() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            List<Task<?>> other = new ArrayList<>();
            Task<Void> t1 = createTask(holdThenCancel(semaphore, other));
            Task<Void> t2 = createTask(neverGetsIn(semaphore));
            other.add(t2);
            List<Future<Void>> outcomes = await(gatherSettled(t1, t2));
            assertEquals(null, outcomes.get(0).result());
            assertTrue(outcomes.get(1).isCancelled());
            await(waitFor(semaphore.acquire(), Duration.ofSeconds(1)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_release_not_acquired")
    void releaseAboveTheBound() {
        Throwable failure = assertThrows(IllegalStateException.class, new BoundedSemaphore(1)::release);
        assertEquals(
                "BoundedSemaphore released too many times: <BoundedSemaphore unlocked permits=1> of 1 permits; release it"
                        + " once after each acquire",
                failure.getMessage());
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_release_no_waiters")
    void release() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            await(semaphore.acquire());
            assertTrue(semaphore.locked());
            semaphore.release();
            assertFalse(semaphore.locked());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> twice(Semaphore semaphore, List<String> result, String tag) {
        await(semaphore.acquire());
        result.add(tag + "_1");
        await(sleep(0.01));
        semaphore.release();
        await(semaphore.acquire());
        result.add(tag + "_2");
        await(sleep(0.01));
        semaphore.release();
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_fifo_order")
    void whoComesAgainComesLast() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            List<String> result = new ArrayList<>();
            await(gather(
                    twice(semaphore, result, "c1"), twice(semaphore, result, "c2"), twice(semaphore, result, "c3")));
            assertEquals(List.of("c1_1", "c2_1", "c3_1", "c1_2", "c2_2", "c3_2"), result);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Boolean> acquireReleaseAcquire(Semaphore semaphore, List<Integer> result) {
        await(semaphore.acquire());
        result.add(2);
        semaphore.release();
        await(semaphore.acquire());
        result.add(4);
        return Coroutine.of(true);
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_fifo_order_2")
    void whoReleasesDoesNotOvertake() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            List<Integer> result = new ArrayList<>();
            Task<Boolean> t1 = createTask(acquire(semaphore, result, 1));
            Task<Boolean> t2 = createTask(acquireReleaseAcquire(semaphore, result));
            Task<Boolean> t3 = createTask(acquire(semaphore, result, 3));
            await(sleep(0));
            semaphore.release();
            semaphore.release();
            await(gather(t1, t2, t3));
            assertEquals(List.of(1, 2, 3, 4), result);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_fifo_order_3")
    void cancelledFirstWaiterIsSkipped() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            List<Integer> result = new ArrayList<>();
            Task<Boolean> t1 = createTask(acquire(semaphore, result, 1));
            Task<Boolean> t2 = createTask(acquire(semaphore, result, 2));
            Task<Boolean> t3 = createTask(acquire(semaphore, result, 3));
            await(sleep(0));
            t1.cancel();
            await(sleep(0));
            semaphore.release();
            semaphore.release();
            await(gatherSettled(t1, t2, t3));
            assertEquals(List.of(2, 3), result);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Boolean> acquireThenStart(
            Semaphore semaphore, List<Integer> result, List<Task<Boolean>> fourth) {
        await(semaphore.acquire());
        fourth.add(createTask(add(result)));
        result.add(1);
        return Coroutine.of(true);
    }

    @Async
    private static Coroutine<Boolean> releaseThenAcquire(Semaphore semaphore, List<Integer> result) {
        semaphore.release();
        semaphore.release();
        semaphore.release();
        assertEquals("<Semaphore locked waiters=1>", semaphore.toString());
        await(semaphore.acquire());
        result.add(2);
        return Coroutine.of(true);
    }

    @Async
    private static Coroutine<Boolean> add(List<Integer> result) {
        result.add(4);
        return Coroutine.of(true);
    }

    @Test
    @Mirrors("test_locks.SemaphoreTests.test_acquire_fifo_order_4")
    void whoGetsAPermitWakesThoseForWhomThereAreMore() throws Exception {
        start.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            List<Integer> result = new ArrayList<>();
            List<Task<Boolean>> fourth = new ArrayList<>();
            Task<Boolean> t1 = createTask(acquireThenStart(semaphore, result, fourth));
            Task<Boolean> t2 = createTask(releaseThenAcquire(semaphore, result));
            Task<Boolean> t3 = createTask(acquire(semaphore, result, 3));
            await(start.begun());
            assertEquals("<Semaphore locked waiters=3>", semaphore.toString());
            await(sleep(0));
            await(gather(t1, t2, t3, fourth.get(0)));
            assertEquals(start == TaskStart.EAGER ? List.of(4, 1, 2, 3) : List.of(1, 2, 3, 4), result);
            return Coroutine.done();
        });
    }
}
