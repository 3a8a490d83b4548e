package dev.heddle.sync.condition;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Lock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules of conditions that CPython's tests do not show. */
class ConditionRulesIT {

    @Async
    private static Coroutine<Void> waiting(Condition condition, List<String> log) {
        try (Lock.Held held = await(condition.acquire())) {
            await(condition.waitNotified());
        } catch (CancelledError error) {
            log.add(error.getMessage());
            throw error;
        }
        return Coroutine.done();
    }

    @Test
    void lastOfSeveralCancellationsIsThrownWhenTheLockIsThere() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Condition condition = new Condition(lock);
            List<String> log = new ArrayList<>();
            Task<Void> task = createTask(waiting(condition, log));
            await(sleep(0));
            Lock.Held held = await(condition.acquire());
            for (String message : List.of("first", "second", "third")) {
                task.cancel(message);
                await(sleep(1));
                assertEquals("<Lock locked waiters=1>", lock.toString());
            }
            assertEquals(List.of(), log);
            held.close();
            await(sleep(1));
            assertEquals(List.of("third"), log);
            assertTrue(task.isCancelled());
            assertFalse(condition.locked());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<String> failingPredicate(Condition condition) {
        try (Lock.Held held = await(condition.acquire())) {
            await(condition.waitUntil(() -> {
                throw new IllegalArgumentException("fails with " + condition);
            }));
            return Coroutine.of("does not fail");
        } catch (IllegalArgumentException e) {
            return Coroutine.of(e.getMessage());
        }
    }

    @Test
    void failureOfThePredicateEndsTheWait() throws Exception {
        Loops.run(() -> {
            Condition condition = new Condition();
            assertEquals("fails with <Condition locked>", await(failingPredicate(condition)));
            assertFalse(condition.locked());
            return Coroutine.done();
        });
    }

    @Test
    void notifyOfNobodyWakesNobody() throws Exception {
        Loops.run(() -> {
            Condition condition = new Condition();
            List<String> log = new ArrayList<>();
            Task<Void> task = createTask(waiting(condition, log));
            await(sleep(0));
            try (Lock.Held held = await(condition.acquire())) {
                condition.notifyWaiters(0);
                condition.notifyWaiters(-1);
            }
            await(sleep(1));
            assertFalse(task.isDone());
            task.cancel("over");
            await(sleep(1));
            assertEquals(List.of("over"), log);
            return Coroutine.done();
        });
    }

    @Test
    void severalConditionsOfOneLock() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Condition full = new Condition(lock);
            Condition empty = new Condition(lock);
            List<String> log = new ArrayList<>();
            Task<Void> one = createTask(waiting(full, log));
            Task<Void> other = createTask(waiting(empty, log));
            await(sleep(0));
            try (Lock.Held held = await(lock.acquire())) {
                empty.notifyAllWaiters();
            }
            await(other);
            assertFalse(one.isDone());
            one.cancel("over");
            await(sleep(1));
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }
}
