package dev.heddle.sync.lock;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
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
import dev.heddle.sync.Lock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_locks.LockTests}, and those of {@code test_pep492} for locks. */
@ParameterizedClass
@EnumSource
class CPythonLockIT {

    private final TaskStart start;

    CPythonLockIT(TaskStart start) {
        this.start = start;
    }

    @Async
    private static Coroutine<Boolean> acquire(Lock lock, List<Integer> result, int tag) {
        await(lock.acquire());
        result.add(tag);
        return Coroutine.of(true);
    }

    @Test
    @Mirrors(value = "test_locks.LockTests.test_repr", adapted = "the text is another")
    void text() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            assertEquals("<Lock unlocked>", lock.toString());
            await(lock.acquire());
            assertEquals("<Lock locked>", lock.toString());
            createTask(lock.acquire());
            await(sleep(0));
            assertEquals("<Lock locked waiters=1>", lock.toString());
            lock.release();
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.LockTests.test_acquire")
    void tasksGetItInTurn() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            List<Integer> result = new ArrayList<>();
            await(lock.acquire());
            Task<Boolean> t1 = createTask(acquire(lock, result, 1));
            Task<Boolean> t2 = createTask(acquire(lock, result, 2));
            await(sleep(0));
            assertEquals(List.of(), result);
            lock.release();
            await(sleep(0));
            assertEquals(List.of(1), result);
            await(sleep(0));
            assertEquals(List.of(1), result);
            Task<Boolean> t3 = createTask(acquire(lock, result, 3));
            lock.release();
            await(sleep(0));
            assertEquals(List.of(1, 2), result);
            lock.release();
            await(sleep(0));
            assertEquals(List.of(1, 2, 3), result);
            assertTrue(t1.result() && t2.result() && t3.result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.LockTests.test_acquire_cancel")
    void cancelledWaiterLeaves() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            await(lock.acquire());
            Task<Lock.Held> task = createTask(lock.acquire());
            getRunningLoop().callSoon(task::cancel);
            await(thrown(CancelledError.class, task));
            assertEquals("<Lock locked>", lock.toString());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> lockAndWait(Lock lock, Future<Void> blocker) {
        await(lock.acquire());
        try {
            if (blocker != null) {
                await(blocker);
            }
        } finally {
            lock.release();
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.LockTests.test_cancel_race")
    void releaseWhileTheFirstWaiterIsBeingCancelled() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            Future<Void> blocker = getRunningLoop().createFuture();
            Task<Void> a = createTask(lockAndWait(lock, blocker));
            await(sleep(0));
            assertTrue(lock.locked());
            Task<Void> b = createTask(lockAndWait(lock, null));
            await(sleep(0));
            assertEquals("<Lock locked waiters=1>", lock.toString());
            Task<Void> c = createTask(lockAndWait(lock, null));
            await(sleep(0));
            assertEquals("<Lock locked waiters=2>", lock.toString());

            blocker.setResult(null);
            b.cancel();
            assertEquals("<Lock locked waiters=2>", lock.toString());
            await(sleep(0));
            assertFalse(lock.locked());
            assertTrue(a.isDone());
            assertTrue(b.isCancelled());
            await(c);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> counting(Lock lock, int[] calls, int[] locks) {
        calls[0]++;
        await(lock.acquire());
        locks[0]++;
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.LockTests.test_cancel_release_race")
    void releaseAfterACancelWakesOne() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            int[] calls = {0};
            int[] locks = {0};
            await(lock.acquire());
            Task<Void> t1 = createTask(counting(lock, calls, locks));
            Task<Void> t2 = createTask(counting(lock, calls, locks));
            Task<Void> t3 = createTask(counting(lock, calls, locks));
            await(sleep(0));
            getRunningLoop().callSoon(() -> {
                t1.cancel();
                lock.release();
            });
            await(thrown(CancelledError.class, t1));
            assertEquals(1, locks[0]);
            assertEquals(3, calls[0]);
            assertTrue(t1.isCancelled() && t2.isDone());
            t3.cancel();
            await(sleep(0));
            assertTrue(t3.isCancelled());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.LockTests.test_finished_waiter_cancelled")
    void wokenWaiterThatIsCancelledWakesTheNext() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            await(lock.acquire());
            assertTrue(lock.locked());
            Task<Lock.Held> b = createTask(lock.acquire());
            await(sleep(0));
            assertEquals("<Lock locked waiters=1>", lock.toString());
            Task<Lock.Held> c = createTask(lock.acquire());
            b.cancel();
            lock.release();
            await(sleep(0));
            // the other waits already if it is eager, and is woken when the first is cancelled
            assertEquals(start == TaskStart.LAZY, lock.locked());
            assertTrue(b.isCancelled());
            await(c);
            assertTrue(lock.locked());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.LockTests.test_release_not_acquired")
    void releaseOfAFreeLock() {
        Throwable failure = assertThrows(IllegalStateException.class, new Lock()::release);
        assertEquals(
                "Lock is not acquired. <Lock unlocked> can be released once after each acquire", failure.getMessage());
    }

    @Test
    @Mirrors("test_locks.LockTests.test_release_no_waiters")
    void release() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            await(lock.acquire());
            assertTrue(lock.locked());
            lock.release();
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({"test_locks.LockTests.test_context_manager", "test_pep492.LockTests.test_context_manager_async_with"})
    void tryStatementReleases() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            assertFalse(lock.locked());
            try (Lock.Held held = await(lock.acquire())) {
                assertTrue(lock.locked());
                await(sleep(0.01));
                assertTrue(lock.locked());
            }
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }
}
