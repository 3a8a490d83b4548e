package dev.heddle.workers;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.sync.QueueShutDownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Elements go through one queue from loops and a plain thread to loops and a plain thread, while tasks are cancelled, time out and are
 * shut down at random; each has to arrive once. In a build that lasts a moment; for {@code n} elements with
 *
 * <pre>{@code mvn -pl runtime,agent verify -Dit.test=SharedQueueStressIT -Dheddle.stress.elements=n}</pre>
 */
@Tag("slow")
class SharedQueueStressIT {

    private static final int LOOPS = 4;
    private static final int TASKS = 8;
    private static final int ROUND = 100_000;

    /** How many elements arrived in all rounds. */
    private final AtomicLong moved = new AtomicLong();

    private final AtomicLong cancellations = new AtomicLong();
    private final AtomicLong timeOuts = new AtomicLong();
    private final AtomicLong cutShort = new AtomicLong();

    /** One queue and what has become of its elements. */
    private final class Round {

        final SharedQueue<Integer> queue;
        final long seed;

        /** How often each number was put, and how often it was got. */
        final AtomicIntegerArray put = new AtomicIntegerArray(ROUND);

        final AtomicIntegerArray got = new AtomicIntegerArray(ROUND);
        final AtomicLong next = new AtomicLong();

        Round(long seed, SharedQueue<Integer> queue) {
            this.seed = seed;
            this.queue = queue;
        }

        /** The next number to be put; at the end of the numbers the queue is closed. */
        int nextNumber() {
            long number = next.getAndIncrement();
            if (number >= ROUND) {
                queue.close();
                return -1;
            }
            return (int) number;
        }

        @Async
        Coroutine<Void> putAll(Random random) {
            for (int number = nextNumber(); number >= 0; number = nextNumber()) {
                try {
                    if (random.nextInt(16) == 0) {
                        await(waitFor(queue.put(number), Duration.ofNanos(random.nextInt(50_000))));
                    } else {
                        await(queue.put(number));
                    }
                    put.incrementAndGet(number);
                } catch (TimeoutException late) {
                    timeOuts.incrementAndGet();
                } catch (QueueShutDownException closed) {
                    return Coroutine.done();
                }
                if (random.nextInt(64) == 0) {
                    await(sleep(0));
                }
            }
            return Coroutine.done();
        }

        @Async
        Coroutine<Void> getAll(Random random) {
            try {
                while (true) {
                    try {
                        if (random.nextInt(16) == 0) {
                            got.incrementAndGet(await(waitFor(queue.get(), Duration.ofNanos(random.nextInt(50_000)))));
                        } else {
                            got.incrementAndGet(await(queue.get()));
                        }
                    } catch (TimeoutException late) {
                        timeOuts.incrementAndGet();
                    }
                    if (random.nextInt(64) == 0) {
                        await(sleep(0));
                    }
                }
            } catch (QueueShutDownException closed) {
                return Coroutine.done();
            }
        }

        /** Keeps tasks going that do {@code what}, and cancels one after the other. */
        @Async
        Coroutine<Void> work(boolean puts, Random random) {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                tasks.add(createTask(
                        puts ? putAll(new Random(random.nextLong())) : getAll(new Random(random.nextLong()))));
            }
            boolean working = true;
            while (working) {
                await(sleep(random.nextInt(100) * 1e-6));
                int victim = random.nextInt(TASKS);
                Task<Void> task = tasks.get(victim);
                task.cancel();
                await(settled(task));
                if (task.isCancelled()) {
                    cancellations.incrementAndGet();
                    tasks.set(
                            victim,
                            createTask(
                                    puts
                                            ? putAll(new Random(random.nextLong()))
                                            : getAll(new Random(random.nextLong()))));
                } else {
                    task.result();
                    working = !queue.isClosed();
                }
            }
            for (Task<Void> task : tasks) {
                await(task);
            }
            return Coroutine.done();
        }

        /** Puts and gets without waiting, on a plain thread. */
        void poll() {
            Random random = new Random(seed);
            try {
                for (int number = nextNumber(); number >= 0; number = nextNumber()) {
                    while (!queue.tryPut(number)) {
                        get();
                    }
                    put.incrementAndGet(number);
                    if (random.nextBoolean()) {
                        get();
                    }
                    if (random.nextInt(100) == 0) {
                        Thread.yield();
                    }
                }
            } catch (QueueShutDownException closed) {
                assertTrue(queue.isClosed());
            }
        }

        private void get() {
            Optional<Integer> taken = queue.tryGet();
            taken.ifPresent(got::incrementAndGet);
        }

        void run(boolean cut) throws InterruptedException {
            Thread plain = new Thread(this::poll);
            try (Workers workers = Workers.start(LOOPS)) {
                plain.start();
                Random random = new Random(seed);
                List<Random> randoms = new ArrayList<>();
                for (int i = 0; i < LOOPS; i++) {
                    randoms.add(new Random(random.nextLong()));
                }
                List<CompletableFuture<Void>> works =
                        workers.submitEach(index -> work(index % 2 == 0, randoms.get(index)));
                if (cut) {
                    cutShort.incrementAndGet();
                    workers.shutdown(Duration.ofMillis(random.nextInt(20)));
                } else {
                    works.forEach(CompletableFuture::join);
                }
            }
            queue.close();
            plain.join();
            drain();
            check();
        }

        /** Takes what was left when all were shut down. */
        private void drain() {
            try {
                while (true) {
                    got.incrementAndGet(queue.tryGet().orElseThrow());
                }
            } catch (QueueShutDownException empty) {
                assertEquals(0, queue.size());
            }
        }

        private void check() {
            for (int number = 0; number < ROUND; number++) {
                assertEquals(put.get(number), got.get(number), "element " + number + " of seed " + seed);
                moved.addAndGet(got.get(number));
            }
        }
    }

    @Test
    void everyElementArrivesOnce() throws InterruptedException {
        long elements = Long.getLong("heddle.stress.elements", 500_000);
        long seed = Long.getLong("heddle.stress.seed", 1);
        while (moved.get() < elements) {
            Random random = new Random(seed);
            SharedQueue<Integer> queue =
                    random.nextInt(4) == 0 ? SharedQueue.unbounded() : SharedQueue.bounded(1 + random.nextInt(100));
            new Round(seed, queue).run(random.nextInt(3) == 0);
            seed++;
        }
        System.out.println(moved + " elements, " + cancellations + " cancellations, " + timeOuts + " time-outs, "
                + cutShort + " shutdowns of " + LOOPS + " loops: none lost, none twice");
        assertTrue(cancellations.get() > 0 && timeOuts.get() > 0 && cutShort.get() > 0);
    }

    @Async
    private static Coroutine<Void> settled(Task<Void> task) {
        try {
            await(task);
        } catch (CancelledError cancelled) {
            if (!task.isCancelled()) {
                throw cancelled; // of this task
            }
        }
        return Coroutine.done();
    }
}
