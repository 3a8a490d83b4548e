package dev.heddle.sync;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Loops;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Methods that wait return coroutines that begin when they are awaited, and can be awaited again. */
class RepeatableIT {

    @Test
    void callDoesNothing() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Coroutine<Lock.Held> acquire = lock.acquire();
            assertFalse(lock.locked());
            assertEquals("<coroutine dev.heddle.sync.Lock.acquire of <Lock unlocked>>", acquire.toString());
            await(acquire);
            assertTrue(lock.locked());
            return Coroutine.done();
        });
    }

    @Test
    void eachAwaitIsACall() throws Exception {
        Loops.run(() -> {
            Semaphore semaphore = new Semaphore(3);
            Coroutine<Lock.Held> acquire = semaphore.acquire();
            await(acquire);
            await(acquire);
            assertEquals("<Semaphore unlocked permits=1>", semaphore.toString());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Lock.Held> delegating(Lock lock) {
        return lock.acquire();
    }

    @Test
    void whatMakesTasksOfIt() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Task<Lock.Held> task = createTask(lock.acquire());
            Future<Lock.Held> future = ensureFuture(lock.acquire());
            Future<Lock.Held> shielded = shield(lock.acquire());
            Coroutine<Lock.Held> limited = waitFor(lock.acquire(), Duration.ofSeconds(1));
            assertFalse(lock.locked());
            await(task).close();
            await(future).close();
            await(shielded).close();
            await(limited).close();
            await(delegating(lock)).close();
            assertFalse(lock.locked());
            return Coroutine.done();
        });
    }

    @Test
    void gatherCallsItAsOftenAsItIsGiven() throws Exception {
        Loops.run(() -> {
            Semaphore semaphore = new Semaphore(5);
            Coroutine<Lock.Held> acquire = semaphore.acquire();
            List<Lock.Held> held = await(gather(acquire, semaphore.acquire(), acquire));
            assertEquals("<Semaphore unlocked permits=2>", semaphore.toString());
            held.forEach(Lock.Held::close);
            assertEquals("<Semaphore unlocked permits=5>", semaphore.toString());
            return Coroutine.done();
        });
    }

    @Test
    void asCompletedCallsItAsOftenAsItIsGiven() throws Exception {
        Loops.run(() -> {
            Semaphore semaphore = new Semaphore(5);
            int given = 0;
            for (Coroutine<Lock.Held> next : asCompleted(List.of(semaphore.acquire(), semaphore.acquire()))) {
                await(next);
                given++;
            }
            assertEquals(2, given);
            assertEquals("<Semaphore unlocked permits=3>", semaphore.toString());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<String> expire(Coroutine<?> coroutine) {
        try {
            await(waitFor(coroutine, Duration.ofSeconds(1)));
            return Coroutine.of("in time");
        } catch (TimeoutException e) {
            return Coroutine.of("too late");
        }
    }

    @Test
    void waitThatExpiresLeavesNothingBehind() throws Exception {
        Loops.run(() -> {
            Lock lock = new Lock();
            Semaphore semaphore = new Semaphore(0);
            Event event = new Event();
            Barrier barrier = new Barrier(2);
            Queue<Integer> queue = Queue.fifo(1);
            queue.putNow(1);
            await(lock.acquire());
            assertEquals("too late", await(expire(lock.acquire())));
            assertEquals("too late", await(expire(semaphore.acquire())));
            assertEquals("too late", await(expire(event.waitSet())));
            assertEquals("too late", await(expire(barrier.arrive())));
            assertEquals("too late", await(expire(queue.put(2))));
            assertEquals("too late", await(expire(queue.join())));
            assertEquals("too late", await(expire(Queue.fifo(0).get())));
            assertEquals(
                    "<Lock locked> <Semaphore locked> <Event unset> <Barrier filling waiting=0/2>"
                            + " <Queue fifo size=1/1 unfinished=1>",
                    lock + " " + semaphore + " " + event + " " + barrier + " " + queue);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> critical(Coroutine<?> coroutine) {
        await(coroutine);
        return Coroutine.done();
    }

    /** The methods at which a task stands that awaits {@code coroutine}. */
    @Async
    private static Coroutine<String> stack(Coroutine<?> coroutine) {
        Task<Void> task = createTask(critical(coroutine));
        await(sleep(0));
        String stack = task.stack().stream()
                .map(element -> element.getClassName() + "." + element.getMethodName() + "(" + element.getFileName())
                .collect(Collectors.joining(" "));
        task.cancel();
        await(sleep(0));
        return Coroutine.of(stack);
    }

    private static String below(String method) {
        return method + " dev.heddle.sync.RepeatableIT.critical(RepeatableIT.java";
    }

    @Test
    void stackOfAWaitingTask() throws Exception {
        Loops.run(() -> {
            Condition condition = new Condition();
            Queue<Integer> queue = Queue.fifo(1);
            assertEquals(below("dev.heddle.sync.Queue.get(Queue.java"), await(stack(queue.get())));
            queue.putNow(1);
            assertEquals(below("dev.heddle.sync.Queue.put(Queue.java"), await(stack(queue.put(2))));
            assertEquals(below("dev.heddle.sync.Queue.join(Queue.java"), await(stack(queue.join())));
            assertEquals(below("dev.heddle.sync.Event.waitSet(Event.java"), await(stack(new Event().waitSet())));
            assertEquals(
                    below("dev.heddle.sync.Semaphore.acquire(Semaphore.java"),
                    await(stack(new BoundedSemaphore(0).acquire())));
            assertEquals(below("dev.heddle.sync.Barrier.arrive(Barrier.java"), await(stack(new Barrier(2).arrive())));
            await(condition.acquire());
            assertEquals(below("dev.heddle.sync.Lock.acquire(Lock.java"), await(stack(condition.acquire())));
            assertEquals(
                    below("dev.heddle.sync.Condition.waitNotified(Condition.java"
                            + " dev.heddle.sync.Condition.waitUntil(Condition.java"),
                    await(stack(condition.waitUntil(() -> false))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> waitOnce(Coroutine<?> coroutine) {
        Task<Void> task = createTask(critical(coroutine));
        await(sleep(0));
        task.cancel();
        await(sleep(0));
        return Coroutine.done();
    }

    @Test
    void otherLoop() throws Exception {
        Event event = new Event();
        Queue<Integer> queue = Queue.fifo(0);
        try (EventLoop first = EventLoop.virtualTime();
                EventLoop second = EventLoop.virtualTime()) {
            first.runUntilComplete(waitOnce(event.waitSet()));
            first.runUntilComplete(waitOnce(queue.get()));
            Throwable failure =
                    assertThrows(IllegalStateException.class, () -> second.runUntilComplete(event.waitSet()));
            assertEquals(
                    "<Event unset> is bound to a different event loop: a task of " + first
                            + " waited for it before, so no"
                            + " task of " + second.toString().replace("idle", "running")
                            + " can; make one for each loop",
                    failure.getMessage());
            queue.putNow(1);
            assertThrows(IllegalStateException.class, () -> second.runUntilComplete(queue.join()));
            assertEquals(1, second.runUntilComplete(queue.get()), "needs no wait");
        }
    }
}
