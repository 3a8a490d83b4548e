package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.util.Locale;

/** How much live heap a sleeping task takes: the program prints bytes a task, for as many tasks as its argument says. */
public final class Sleepers {

    private static final int DEFAULT_COUNT = 1_000_000;

    private Sleepers() {}

    /** Runs the program; the argument is the number of tasks. */
    public static void main(String[] args) {
        run(measure(args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_COUNT));
    }

    @Async
    private static Coroutine<Void> measure(int count) {
        await(sleep(0));
        long before = liveBytes();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            createTask(sleeper());
        }
        await(sleep(0)); // every task has started and sleeps
        long nanos = System.nanoTime() - start;
        double bytes = (double) (liveBytes() - before) / count;
        System.out.printf(
                Locale.ROOT,
                "%,d sleeping tasks: %.1f B each, started in %.0f ns each%n",
                count,
                bytes,
                (double) nanos / count);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sleeper() {
        await(sleep(3600));
        return Coroutine.done();
    }

    private static long liveBytes() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
