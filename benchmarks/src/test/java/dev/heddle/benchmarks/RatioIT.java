package dev.heddle.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How much longer some benchmarks take than their floors, with limits of at least four times what it is: what fails here is not slower by some
 * percent, but is no longer compiled, or has a loop that the compiler does not understand. Both take turns, and the shortest call of each
 * counts, since a busy machine takes nothing away from that; there are more turns while the limit is not kept.
 */
@Tag("slow")
class RatioIT {

    private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(15);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);
    private static final int ROUNDS = 10;

    /** About 1.1 times. */
    @Test
    void call() {
        CallBenchmark benchmark = new CallBenchmark();
        benchmark.open();
        check(6, benchmark::heddle, benchmark::plain);
        benchmark.close();
    }

    /** About as long. */
    @Test
    void loopKernel() {
        LoopKernelBenchmark benchmark = new LoopKernelBenchmark();
        benchmark.open();
        check(5, benchmark::heddle, benchmark::plain);
        benchmark.close();
    }

    /** About 10 times. */
    @Test
    void turn() {
        SwitchBenchmark benchmark = new SwitchBenchmark();
        benchmark.open();
        check(45, benchmark::heddle, benchmark::plain);
        benchmark.close();
    }

    /** About 13 times. */
    @Test
    void spawn() {
        SpawnBenchmark benchmark = new SpawnBenchmark();
        benchmark.switches = 1;
        benchmark.open();
        check(60, benchmark::heddle, benchmark::plain);
        benchmark.close();
    }

    /** About 4 times. */
    @Test
    void queue() {
        QueueBenchmark benchmark = new QueueBenchmark();
        benchmark.capacity = 100;
        benchmark.open();
        check(25, benchmark::heddle, benchmark::plain);
        benchmark.close();
    }

    /** Expects that Heddle takes at most {@code limit} times as long as the floor. */
    private static void check(double limit, LongSupplier heddle, LongSupplier plain) {
        for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP; ) {
            least(heddle);
            least(plain);
        }
        long start = System.nanoTime();
        long ours = Long.MAX_VALUE;
        long floor = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS || ours > limit * floor && System.nanoTime() - start < PATIENCE; round++) {
            ours = Math.min(ours, least(heddle));
            floor = Math.min(floor, least(plain));
        }
        double ratio = (double) ours / floor;
        assertTrue(ratio <= limit, ratio + " times as long as the floor, where " + limit + " is the limit");
    }

    /** How long the shortest call of a turn takes. */
    private static long least(LongSupplier body) {
        long start = System.nanoTime();
        long least = Long.MAX_VALUE;
        long before = start;
        do {
            body.getAsLong();
            long after = System.nanoTime();
            least = Math.min(least, after - before);
            before = after;
        } while (before - start < TURN);
        return least;
    }
}
