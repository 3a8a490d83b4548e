package dev.heddle.sync;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import org.junit.jupiter.api.Test;

/** A primitive for which a task waits, used on another thread: that is refused, and nothing has changed, so that it can be done again on the right one. */
class WrongThreadIT {

    private static String refusal(Runnable use) {
        return assertThrows(IllegalStateException.class, use::run).getMessage();
    }

    /** Lets {@code waiter} wait for {@code primitive}, and expects that {@code use}, which wakes it, is refused on another thread. */
    @Async
    private static Coroutine<Void> refused(Object primitive, Coroutine<?> waiter, Runnable use) {
        Task<?> waiting = createTask(waiter);
        await(sleep(0));
        String before = primitive.toString();
        String refusal = await(toThread(() -> refusal(use)));
        assertTrue(refusal.contains("callSoonThreadsafe"), refusal);
        assertEquals(before, primitive.toString());
        use.run();
        await(waiting);
        return Coroutine.done();
    }

    @Test
    void event() {
        Event event = new Event();
        run(refused(event, event.waitSet(), event::set));
    }

    @Async
    private static Coroutine<Void> lockIsTaken(Lock lock) {
        Lock.Held held = await(lock.acquire());
        await(refused(lock, lock.acquire(), lock::release));
        lock.release();
        Lock.Held again = await(lock.acquire());
        await(refused(lock, lock.acquire(), again::close));
        held.close();
        assertTrue(lock.locked());
        return Coroutine.done();
    }

    @Test
    void lock() {
        run(lockIsTaken(new Lock()));
    }

    @Async
    private static Coroutine<Void> permitIsTaken(Semaphore semaphore) {
        Lock.Held held = await(semaphore.acquire());
        await(refused(semaphore, semaphore.acquire(), held::close));
        await(refused(semaphore, semaphore.acquire(), semaphore::release));
        return Coroutine.done();
    }

    @Test
    void semaphore() {
        run(permitIsTaken(new Semaphore(1)));
        run(permitIsTaken(new BoundedSemaphore(1)));
    }

    @Async
    private static Coroutine<Void> notified(Condition condition) {
        Lock.Held held = await(condition.acquire());
        await(condition.waitNotified());
        held.close();
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> conditionIsAwaited(Condition condition) {
        Task<Void> waiting = createTask(notified(condition));
        await(sleep(0));
        Lock.Held held = await(condition.acquire());
        String refusal = await(toThread(() -> refusal(condition::notifyAllWaiters)));
        assertTrue(refusal.contains("callSoonThreadsafe"), refusal);
        condition.notifyAllWaiters();
        held.close();
        await(waiting);
        return Coroutine.done();
    }

    @Test
    void condition() {
        run(conditionIsAwaited(new Condition()));
    }

    @Async
    private static Coroutine<Void> brokenOnArrival(Barrier barrier) {
        try {
            await(barrier.arrive());
        } catch (BrokenBarrierException broken) {
            return Coroutine.done();
        }
        throw new AssertionError("not broken");
    }

    @Test
    void barrier() {
        Barrier reset = new Barrier(2);
        run(refused(reset, brokenOnArrival(reset), reset::reset));
        Barrier aborted = new Barrier(2);
        run(refused(aborted, brokenOnArrival(aborted), aborted::abort));
    }

    @Async
    private static Coroutine<Void> queueIsFull(Queue<String> queue) {
        await(queue.put("first"));
        await(refused(queue, queue.put("second"), queue::getNow));
        assertEquals("second", queue.getNow());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> queueIsDone(Queue<String> queue) {
        queue.putNow("first");
        await(refused(queue, queue.join(), queue::taskDone));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> shutDown(Queue<String> queue) {
        try {
            await(queue.get());
        } catch (QueueShutDownException expected) {
            return Coroutine.done();
        }
        throw new AssertionError("not shut down");
    }

    @Test
    void queue() {
        Queue<String> queue = Queue.fifo(1);
        run(refused(queue, queue.get(), () -> queue.putNow("item")));
        Queue<String> full = Queue.fifo(1);
        run(queueIsFull(full));
        run(queueIsDone(Queue.fifo(1)));
        Queue<String> ending = Queue.fifo(1);
        run(refused(ending, shutDown(ending), () -> ending.shutdown(false)));
    }
}
