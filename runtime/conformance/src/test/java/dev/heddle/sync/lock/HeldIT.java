package dev.heddle.sync.lock;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Semaphore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The result of an acquisition: closing it releases exactly once, whatever else is closed and released. */
class HeldIT {

    @Test
    void closingAgainDoesNothing() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Lock.Held held = await(lock.acquire());
            assertEquals("<Held open of <Lock locked>>", held.toString());
            held.close();
            assertFalse(lock.locked());
            held.close();
            assertEquals("<Held closed of <Lock unlocked>>", held.toString());
            Lock.Held second = await(lock.acquire());
            held.close();
            assertTrue(lock.locked());
            second.close();
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> closeEarly(Lock lock, List<String> log) {
        try (Lock.Held held = await(lock.acquire())) {
            held.close();
            await(sleep(1));
            log.add("leaves " + lock);
        }
        log.add("left " + lock);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> holdLong(Lock lock) {
        try (Lock.Held held = await(lock.acquire())) {
            await(sleep(2));
        }
        return Coroutine.done();
    }

    @Test
    void closingAgainDoesNotReleaseForAnotherTask() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            List<String> log = new ArrayList<>();
            Task<Void> first = createTask(closeEarly(lock, log));
            Task<Void> second = createTask(holdLong(lock));
            await(first);
            assertEquals(List.of("leaves <Lock locked>", "left <Lock locked>"), log);
            await(second);
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }

    @Test
    void closingAfterReleaseDoesNothing() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Lock.Held held = await(lock.acquire());
            lock.release();
            Task<Void> other = createTask(holdLong(lock));
            await(sleep(1));
            held.close();
            assertTrue(lock.locked());
            await(other);
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }

    @Test
    void anotherTaskMayClose() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Lock.Held held = await(createTask(lock.acquire()));
            assertTrue(lock.locked());
            held.close();
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }

    @Test
    void holdThatIsOpenIsNotGivenOutAgain() throws Exception {
        Loops.run(() -> {
            Semaphore semaphore = new Semaphore(4);
            List<Lock.Held> held = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                held.add(await(semaphore.acquire()));
            }
            assertEquals(4, held.stream().distinct().count());
            for (int i = 1; i <= 4; i++) {
                held.get(i - 1).close();
                held.get(i - 1).close();
                assertEquals("<Semaphore unlocked permits=" + i + ">", semaphore.toString());
            }
            return Coroutine.done();
        });
    }

    @Test
    void closingAfterReleaseGivesBackAnotherPermit() throws Exception {
        Loops.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            try (Lock.Held held = await(semaphore.acquire())) {
                semaphore.release();
            }
            assertEquals("<Semaphore unlocked permits=2>", semaphore.toString());

            BoundedSemaphore bounded = new BoundedSemaphore(1);
            Lock.Held held = await(bounded.acquire());
            bounded.release();
            assertThrows(IllegalStateException.class, held::close);
            return Coroutine.done();
        });
    }

    @Test
    void releaseByOthersAbandonsNoHold() throws Exception {
        Loops.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            Lock.Held first = await(semaphore.acquire());
            await(createTask(releasing(semaphore, 2)));
            Lock.Held second = await(semaphore.acquire());
            Lock.Held third = await(semaphore.acquire());
            assertNotSame(first, third);
            first.close();
            second.close();
            third.close();
            assertEquals("<Semaphore unlocked permits=3>", semaphore.toString());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> releasing(Semaphore semaphore, int count) {
        for (int i = 0; i < count; i++) {
            semaphore.release();
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> waiting(Condition condition, List<Lock.Held> given) {
        try (Lock.Held held = await(condition.acquire())) {
            given.add(held);
            await(condition.waitNotified());
            assertTrue(condition.locked());
        }
        return Coroutine.done();
    }

    @Test
    void waitOfAConditionInterruptsTheHold() throws Exception {
        Loops.run(() -> {
            Condition condition = new Condition();
            List<Lock.Held> given = new ArrayList<>();
            Task<Void> waiter = createTask(waiting(condition, given));
            await(sleep(0));
            try (Lock.Held held = await(condition.acquire())) {
                given.get(0).close();
                assertTrue(condition.locked(), "closed the acquisition of another");
                condition.notifyAllWaiters();
            }
            await(waiter);
            assertFalse(condition.locked());
            return Coroutine.done();
        });
    }
}
