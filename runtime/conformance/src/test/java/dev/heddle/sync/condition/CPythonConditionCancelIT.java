package dev.heddle.sync.condition;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.newEventLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Failures.thrown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
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

/** {@code test_locks.ConditionTests}: cancellations, and loops. */
@ParameterizedClass
@EnumSource
class CPythonConditionCancelIT {

    private final TaskStart start;

    CPythonConditionCancelIT(TaskStart start) {
        this.start = start;
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_wait_cancel_contested")
    void cancelAfterTheLockIsThere() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            await(condition.acquire());
            Task<Boolean> task = createTask(condition.waitNotified());
            await(sleep(0));
            assertFalse(condition.locked());
            await(condition.acquire());
            assertTrue(condition.locked());
            condition.notifyWaiters(1);
            getRunningLoop().callSoon(task::cancel);
            getRunningLoop().callSoon(condition::release);
            try {
                await(task);
            } catch (CancelledError mayHappen) {
                assertTrue(task.isCancelled());
            }
            assertTrue(condition.locked());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> waiting(Condition condition, List<String> log) {
        try (Lock.Held held = await(condition.acquire())) {
            log.add("waits");
            await(condition.waitNotified());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_wait_cancel_after_notify")
    void cancelWhileItWaitsForTheLock() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            List<String> log = new ArrayList<>();
            Task<Void> waiter = createTask(waiting(condition, log));
            await(sleep(0));
            await(condition.acquire());
            condition.notifyWaiters(1);
            await(sleep(0));
            waiter.cancel();
            await(sleep(0));
            condition.release();
            await(sleep(0));
            assertTrue(waiter.isCancelled());
            assertEquals(List.of("waits"), log);
            assertFalse(condition.locked());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> recording(Condition condition, boolean[] wake, List<CancelledError> raised) {
        try (Lock.Held held = await(condition.acquire())) {
            raised.add(await(thrown(CancelledError.class, condition.waitUntil(() -> wake[0]))));
            throw raised.get(0);
        }
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_cancelled_error_wakeup")
    void errorOfACancelledWaitIsTheOneRaised() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            List<CancelledError> raised = new ArrayList<>();
            Task<Void> task = createTask(recording(condition, new boolean[] {false}, raised));
            await(sleep(0));
            task.cancel("foo");
            CancelledError error = await(thrown(CancelledError.class, task));
            assertEquals("foo", error.getMessage());
            assertSame(raised.get(0), error);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_cancelled_error_re_aquire")
    void errorOfAWaitCancelledWithoutTheLockIsTheOneRaised() throws Exception {
        start.run(() -> {
            Condition condition = new Condition();
            List<CancelledError> raised = new ArrayList<>();
            boolean[] wake = {false};
            Task<Void> task = createTask(recording(condition, wake, raised));
            await(sleep(0));
            await(condition.acquire());
            wake[0] = true;
            condition.notifyWaiters(1);
            await(sleep(0));
            task.cancel("foo");
            condition.release();
            CancelledError error = await(thrown(CancelledError.class, task));
            assertEquals("foo", error.getMessage());
            assertSame(raised.get(0), error);
            return Coroutine.done();
        });
    }

    /** Takes one of what {@code state} counts, again and again until it is negative. */
    @Async
    private static Coroutine<Void> consume(Condition condition, int[] state) {
        try (Lock.Held held = await(condition.acquire())) {
            while (true) {
                await(condition.waitUntil(() -> state[0] != 0));
                if (state[0] < 0) {
                    return Coroutine.done();
                }
                state[0]--;
            }
        }
    }

    @Async
    private static Coroutine<Void> cancelNotified(boolean whileItWaitsForTheLock) {
        Condition condition = new Condition();
        int[] state = {0};
        Task<Void> first = createTask(consume(condition, state));
        Task<Void> second = createTask(consume(condition, state));
        await(sleep(0));
        try (Lock.Held held = await(condition.acquire())) {
            state[0]++;
            condition.notifyWaiters(1);
            if (whileItWaitsForTheLock) {
                await(sleep(0));
            }
            first.cancel();
            // Nobody notifies this task; it gives the others time.
            await(thrown(
                    TimeoutException.class, waitFor(condition.waitUntil(() -> state[0] == 0), Duration.ofMillis(10))));
            assertEquals(0, state[0]);
            state[0] = -1;
            condition.notifyAllWaiters();
        }
        await(second);
        assertTrue(first.isCancelled());
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_cancelled_wakeup")
    void notifiedTaskThatIsCancelledNotifiesAnother() throws Exception {
        start.run(() -> cancelNotified(false));
    }

    @Test
    @Mirrors("test_locks.ConditionTests.test_cancelled_wakeup_relock")
    void notifiedTaskThatIsCancelledWithoutTheLockNotifiesAnother() throws Exception {
        start.run(() -> cancelNotified(true));
    }

    @Async
    private static Coroutine<Void> contend(Lock lock) {
        try (Lock.Held held = await(lock.acquire())) {
            Task<Lock.Held> waiter = createTask(lock.acquire());
            await(sleep(0));
            waiter.cancel();
            await(thrown(CancelledError.class, waiter));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> waitBriefly(Condition condition) {
        try (Lock.Held held = await(condition.acquire())) {
            Task<Boolean> waiter = createTask(condition.waitNotified());
            await(sleep(0));
            waiter.cancel();
            await(thrown(CancelledError.class, waiter));
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = "test_locks.ConditionTests.test_ambiguous_loops",
            adapted = "lock and condition come to the other loop by a wait there")
    void otherLoop() throws Exception {
        Lock lock = new Lock();
        Condition condition = new Condition();
        try (EventLoop other = newEventLoop()) {
            other.runUntilComplete(contend(lock));
            other.runUntilComplete(waitBriefly(condition));
        }
        start.run(() -> {
            try (Lock.Held held = await(lock.acquire())) {
                Throwable failure = await(thrown(IllegalStateException.class, new Condition(lock).acquire()));
                String message = failure.getMessage();
                assertTrue(message.startsWith("<Lock locked> is bound to a different event loop: "), message);
            }
            try (Lock.Held held = await(condition.acquire())) {
                Throwable failure = await(thrown(IllegalStateException.class, condition.waitNotified()));
                String message = failure.getMessage();
                assertTrue(message.startsWith("<Condition locked> is bound to a different event loop: "), message);
                assertTrue(condition.locked());
            }
            return Coroutine.done();
        });
    }
}
