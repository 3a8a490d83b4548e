package dev.heddle.sync.random;

import dev.heddle.sync.barrier.BarrierUse;
import dev.heddle.sync.condition.ConditionUse;
import dev.heddle.sync.event.EventUse;
import dev.heddle.sync.lock.LockUse;
import dev.heddle.sync.queue.QueueUse;
import dev.heddle.sync.semaphore.SemaphoreUse;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Random programs on each primitive. The system property {@code heddle.random.seconds} says how long each primitive is tried, {@code
 * heddle.random.seed} with which seed to begin; the message of a failure tells the seed of the program that failed.
 */
class RandomUseIT {

    private static final double SECONDS = Double.parseDouble(System.getProperty("heddle.random.seconds", "0.7"));
    private static final long SEED = Long.getLong("heddle.random.seed", 1);

    /** Seeds that follow each other would give similar programs. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static void run(String name, Function<Random, RandomUse> kind) {
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        long programs = 0;
        long uses = 0;
        long cancelled = 0;
        do {
            long seed = SEED + programs;
            RandomUse program = kind.apply(new Random(seed * SPREAD));
            try {
                program.run();
            } catch (Throwable failure) {
                throw new AssertionError(program.getClass().getSimpleName() + " with seed " + seed, failure);
            }
            programs++;
            uses += program.uses;
            cancelled += program.cancelled;
        } while (System.nanoTime() < end);
        System.out.println("Random use of a " + name + ": " + programs + " programs, " + uses + " uses, " + cancelled
                + " of them cancelled.");
    }

    @Test
    void lock() {
        run("lock", LockUse::new);
    }

    @Test
    void semaphore() {
        run("semaphore", SemaphoreUse::new);
    }

    @Test
    void event() {
        run("event", EventUse::new);
    }

    @Test
    void condition() {
        run("condition", ConditionUse::new);
    }

    @Test
    void barrier() {
        run("barrier", BarrierUse::new);
    }

    @Test
    void queue() {
        run("queue", QueueUse::new);
    }
}
