package dev.heddle.sync;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.management.ThreadMXBean;
import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** An operation that need not wait neither allocates nor lets another task run. */
class AllocationIT {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int REPETITIONS = 10_000;

    private static final Integer ITEM = 7;

    /** Runs {@code body} until it no longer allocates, and expects that to happen. */
    private static void check(AsyncSupplier<Void> body) throws Exception {
        Loops.run(() -> measure(body));
    }

    @Async
    private static Coroutine<Void> measure(AsyncSupplier<Void> body) throws Exception {
        Task<Void> other = createTask(Coroutine.done());
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 10 && allocated > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            await(body.get());
            allocated = Math.min(allocated, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertFalse(other.isDone(), "another task ran");
        // The call of the body itself, once a round, may allocate.
        assertEquals(0, allocated / REPETITIONS, "bytes for each repetition, of " + allocated);
        await(other);
        return Coroutine.done();
    }

    @Test
    void lock() throws Exception {
        Lock lock = new Lock();
        check(() -> {
            for (int i = 0; i < REPETITIONS; i++) {
                try (Lock.Held held = await(lock.acquire())) {
                    assertEquals(true, lock.locked());
                }
            }
            return Coroutine.done();
        });
    }

    @Test
    void lockThatIsReleased() throws Exception {
        Lock lock = new Lock();
        check(() -> {
            for (int i = 0; i < REPETITIONS; i++) {
                await(lock.acquire());
                lock.release();
            }
            return Coroutine.done();
        });
    }

    @Test
    void semaphore() throws Exception {
        Semaphore semaphore = new Semaphore(2);
        check(() -> {
            for (int i = 0; i < REPETITIONS; i++) {
                try (Lock.Held held = await(semaphore.acquire());
                        Lock.Held second = await(semaphore.acquire())) {
                    assertEquals(true, semaphore.locked());
                }
            }
            return Coroutine.done();
        });
    }

    @Test
    void semaphoreThatIsReleased() throws Exception {
        Semaphore semaphore = new BoundedSemaphore(2);
        check(() -> {
            for (int i = 0; i < REPETITIONS; i++) {
                await(semaphore.acquire());
                await(semaphore.acquire());
                semaphore.release();
                semaphore.release();
            }
            return Coroutine.done();
        });
    }

    @Test
    void event() throws Exception {
        Event event = new Event();
        event.set();
        check(() -> {
            for (int i = 0; i < REPETITIONS; i++) {
                await(event.waitSet());
            }
            return Coroutine.done();
        });
    }

    @Test
    void queues() throws Exception {
        Queue<Integer> fifo = Queue.fifo(2);
        Queue<Integer> lifo = Queue.lifo(0);
        Queue<Integer> priority = Queue.priority(0, Integer::compare);
        check(() -> {
            for (int i = 0; i < REPETITIONS; i++) {
                await(fifo.put(ITEM));
                await(lifo.put(await(fifo.get())));
                await(priority.put(await(lifo.get())));
                assertEquals(ITEM, await(priority.get()));
                priority.taskDone();
                await(priority.join());
            }
            return Coroutine.done();
        });
    }
}
