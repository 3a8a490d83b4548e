package dev.heddle.workers;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Threads submit while another shuts the workers down: accepted work ends, the rest is refused, and nothing hangs. */
class SubmitAndShutdownIT {

    private static final int ROUNDS = 100;
    private static final int THREADS = 3;

    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final Queue<CompletableFuture<Integer>> taken = new ConcurrentLinkedQueue<>();

    @Async
    private Coroutine<Integer> work(int turns) {
        begun.incrementAndGet();
        for (int i = 0; i < turns; i++) {
            await(sleep(0));
        }
        return Coroutine.of(turns);
    }

    /** Submits until it is refused, which comes. */
    private void submitAll(Workers workers, Random random, CountDownLatch started) {
        try {
            while (true) {
                int turns = random.nextInt(4);
                taken.add(workers.submit(() -> work(turns)));
                started.countDown();
                Thread.yield();
            }
        } catch (IllegalStateException shutDown) {
            assertTrue(shutDown.getMessage().contains("takes no more coroutines"), shutDown.getMessage());
            refused.incrementAndGet();
        }
    }

    @Test
    void whatWasTakenEnds() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            Workers workers = Workers.start(2);
            CountDownLatch started = new CountDownLatch(THREADS * 2);
            Random random = new Random(round);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random own = new Random(random.nextLong());
                threads.add(new Thread(() -> submitAll(workers, own, started)));
            }
            threads.forEach(Thread::start);
            started.await();
            if (round % 2 == 0) {
                assertTrue(workers.shutdown(Duration.ofMinutes(1)));
            } else {
                workers.shutdown(Duration.ZERO);
            }
            for (CompletableFuture<Integer> result : taken) {
                assertTrue(result.isDone(), "after shutdown returns");
                if (round % 2 == 0) {
                    assertTrue(result.join() >= 0);
                }
            }
            for (Thread thread : threads) {
                thread.join();
            }
            taken.clear();
        }
        assertEquals(ROUNDS * THREADS, refused.get());
        assertTrue(begun.get() >= ROUNDS, "something ran");
    }
}
