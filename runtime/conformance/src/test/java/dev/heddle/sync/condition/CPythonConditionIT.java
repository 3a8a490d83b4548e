package dev.heddle.sync.condition;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
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
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Lock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_locks.ConditionTests}, but for cancellations. */
@ParameterizedClass
@EnumSource
class CPythonConditionIT {

    private final TaskStart start;

    CPythonConditionIT(TaskStart start) {
        this.start = start;
    }

    /** Waits and keeps the lock. */
    @Async
    private static Coroutine<Boolean> waitAndKeep(Condition condition, List<Integer> result, int tag) {
        await(condition.acquire());
        if (await(condition.waitNotified())) {
            result.add(tag);
        }
        return Coroutine.of(true);
    }

    @Async
    private static Coroutine<Boolean> waitAndRelease(Condition condition, List<Integer> result, int tag) {
        await(waitAndKeep(condition, result, tag));
        condition.release();
        return Coroutine.of(true);
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_wait")
    void notifiedTasksGoOnWhenTheyGetTheLock() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            List<Integer> result = new ArrayList<>();
            Task<Boolean> t1 = createTask(waitAndKeep(condition, result, 1));
            Task<Boolean> t2 = createTask(waitAndKeep(condition, result, 2));
            Task<Boolean> t3 = createTask(waitAndKeep(condition, result, 3));
            await(sleep(0));
            assertEquals(List.of(), result);
            assertFalse(condition.locked());

            await(condition.acquire());
            condition.notifyWaiters(1);
            await(sleep(0));
            assertEquals(List.of(), result);
            assertTrue(condition.locked());

            condition.release();
            await(sleep(0));
            assertEquals(List.of(1), result);
            assertTrue(condition.locked());

            condition.notifyWaiters(2);
            await(sleep(0));
            assertEquals(List.of(1), result);
            assertTrue(condition.locked());

            condition.release();
            await(sleep(0));
            assertEquals(List.of(1, 2), result);
            assertTrue(condition.locked());

            condition.release();
            await(sleep(0));
            assertEquals(List.of(1, 2, 3), result);
            assertTrue(condition.locked());
            assertTrue(t1.result() && t2.result() && t3.result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_wait_unacquired")
    void waitWithoutTheLock() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            Throwable failure = await(thrown(IllegalStateException.class, condition.waitNotified()));
            assertEquals(
                    "cannot wait on un-acquired lock: <Condition unlocked>; await acquire() first",
                    failure.getMessage());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Boolean> waitUntil(Condition condition, boolean[] predicate, List<Integer> result) {
        await(condition.acquire());
        if (await(condition.waitUntil(() -> predicate[0]))) {
            result.add(1);
            condition.release();
        }
        return Coroutine.of(true);
    }

    @Async
    private static Coroutine<Void> notifyOne(Condition condition) {
        await(condition.acquire());
        condition.notifyWaiters(1);
        condition.release();
        await(sleep(0));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_wait_for")
    void waitUntilThePredicateHolds() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            boolean[] predicate = {false};
            List<Integer> result = new ArrayList<>();
            Task<Boolean> task = createTask(waitUntil(condition, predicate, result));
            await(sleep(0));
            assertEquals(List.of(), result);
            await(notifyOne(condition));
            assertEquals(List.of(), result);
            predicate[0] = true;
            await(notifyOne(condition));
            assertEquals(List.of(1), result);
            assertTrue(task.result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_wait_for_unacquired")
    void waitUntilWithoutTheLock() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            assertTrue(await(condition.waitUntil(() -> true)));
            await(thrown(IllegalStateException.class, condition.waitUntil(() -> false)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_notify")
    void notifyWakesAsManyAsItSays() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            List<Integer> result = new ArrayList<>();
            Task<Boolean> t1 = createTask(waitAndRelease(condition, result, 1));
            Task<Boolean> t2 = createTask(waitAndRelease(condition, result, 2));
            Task<Boolean> t3 = createTask(waitAndRelease(condition, result, 3));
            await(sleep(0));
            assertEquals(List.of(), result);

            await(condition.acquire());
            condition.notifyWaiters(1);
            condition.release();
            await(sleep(0));
            assertEquals(List.of(1), result);

            await(condition.acquire());
            condition.notifyWaiters(1);
            condition.notifyWaiters(2048);
            condition.release();
            await(sleep(0));
            assertEquals(List.of(1, 2, 3), result);
            assertTrue(t1.result() && t2.result() && t3.result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_notify_all")
    void allAreNotified() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            List<Integer> result = new ArrayList<>();
            Task<Boolean> t1 = createTask(waitAndRelease(condition, result, 1));
            Task<Boolean> t2 = createTask(waitAndRelease(condition, result, 2));
            await(sleep(0));
            assertEquals(List.of(), result);
            await(condition.acquire());
            condition.notifyAllWaiters();
            condition.release();
            await(sleep(0));
            assertEquals(List.of(1, 2), result);
            assertTrue(t1.result() && t2.result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({"test_locks.ConditionTests.test_notify_unacquired", "test_locks.ConditionTests.test_notify_all_unacquired"
    })
    void notifyWithoutTheLock() {
        Condition condition = new Condition();
        Throwable failure = assertThrows(IllegalStateException.class, () -> condition.notifyWaiters(1));
        assertEquals(
                "cannot notify on un-acquired lock: <Condition unlocked>; await acquire() first", failure.getMessage());
        assertThrows(IllegalStateException.class, condition::notifyAllWaiters);
    }

    @Test
    @Mirrors(value = "test_locks.ConditionTests.test_repr", adapted = "the text is another")
    void text() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            assertEquals("<Condition unlocked>", condition.toString());
            await(condition.acquire());
            assertEquals("<Condition locked>", condition.toString());
            Task<Boolean> t1 = createTask(condition.waitNotified());
            await(sleep(0));
            assertEquals("<Condition unlocked waiters=1>", condition.toString());
            await(condition.acquire());
            assertEquals("<Condition locked waiters=1>", condition.toString());
            condition.notifyAllWaiters();
            condition.release();
            await(t1);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({"test_locks.ConditionTests.test_context_manager", "test_pep492.LockTests.test_context_manager_async_with"
    })
    void tryStatementReleases() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            assertFalse(condition.locked());
            try (Lock.Held held = await(condition.acquire())) {
                assertTrue(condition.locked());
            }
            assertFalse(condition.locked());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> assertShared(Lock lock, Condition condition) {
        assertFalse(lock.locked() || condition.locked());
        try (Lock.Held held = await(condition.acquire())) {
            assertTrue(lock.locked() && condition.locked());
        }
        assertFalse(lock.locked() || condition.locked());
        try (Lock.Held held = await(lock.acquire())) {
            assertTrue(lock.locked() && condition.locked());
        }
        assertFalse(lock.locked() || condition.locked());
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_explicit_lock")
    void lockOfItsOwnOrGiven() throws Exception {
        start.run(() -> {
            Lock lock = new Lock();
            await(assertShared(lock, new Condition(lock)));
            await(assertShared(lock, new Condition(lock)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_timeout_in_block")
    void expiredWait() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            try (Lock.Held held = await(condition.acquire())) {
                await(thrown(TimeoutException.class, waitFor(condition.waitNotified(), Duration.ofMillis(500))));
                assertTrue(condition.locked());
            }
            assertFalse(condition.locked());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_wait_cancel")
    void cancelledWaitHasTheLock() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            await(condition.acquire());
            Task<Boolean> task = createTask(condition.waitNotified());
            getRunningLoop().callSoon(task::cancel);
            await(thrown(CancelledError.class, task));
            assertEquals("<Condition locked>", condition.toString());
            return Coroutine.done();
        });
    }
}
