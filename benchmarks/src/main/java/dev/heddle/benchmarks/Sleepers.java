// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.util.Locale;

/**
 * Measures the cost of sleeping tasks. {@code Sleepers bytes COUNT} prints how much live heap each takes.
 * {@code Sleepers wake COUNT SECONDS} prints two times: from when the last task was due to the last wake-up, and from
 * the first wake-up to the last.
 */
public final class Sleepers {

    private static final int DEFAULT_COUNT = 1_000_000;
    private static final double FOREVER = 86_400;

    private static int awake;
    private static long firstAwake;
    private static long lastAwake;

    private Sleepers() {}

    /** Runs the program; the arguments are what to measure, the number of tasks, and how long they sleep. */
    public static void main(String[] args) {
        int count = args.length > 1 ? Integer.parseInt(args[1]) : DEFAULT_COUNT;
        if (args.length == 0 || args[0].equals("bytes")) {
            run(measureBytes(count));
        } else if (args[0].equals("wake") && args.length == 3) {
            run(measureWake(count, Double.parseDouble(args[2])));
        } else {
            throw new IllegalArgumentException("usage: Sleepers bytes COUNT | wake COUNT SECONDS");
        }
    }

    @Async
    private static Coroutine<Void> measureBytes(int count) {
        await(sleep(0));
        long before = liveBytes();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            createTask(endlessSleeper());
        }
        await(sleep(0)); // every task has started and sleeps
        long nanos = System.nanoTime() - start;
        double bytes = (double) (liveBytes() - before) / count;
        System.out.printf(Locale.ROOT, "11 %s,bytes %.1f B%n", name(count), bytes);
        System.out.printf(Locale.ROOT, "11 %s,start %.0f ns%n", name(count), (double) nanos / count);
        System.exit(0); // nobody waits for them
        return Coroutine.done();
    }

    /** The length is not an argument, which would be kept while the task sleeps. */
    @Async
    private static Coroutine<Void> endlessSleeper() {
        await(sleep(FOREVER));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> measureWake(int count, double seconds) {
        for (int i = 0; i < count; i++) {
            createTask(sleeper(seconds));
        }
        await(sleep(0)); // every task has started and sleeps
        long due = System.nanoTime() + (long) (seconds * 1e9);
        while (awake < count) {
            await(sleep(0.01));
        }
        System.out.printf(Locale.ROOT, "11 %s,late %.3f s%n", name(count), (lastAwake - due) / 1e9);
        System.out.printf(Locale.ROOT, "11 %s,spread %.3f s%n", name(count), (lastAwake - firstAwake) / 1e9);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sleeper(double seconds) {
        await(sleep(seconds));
        if (awake++ == 0) {
            firstAwake = System.nanoTime();
        }
        lastAwake = System.nanoTime();
        return Coroutine.done();
    }

    private static String name(int count) {
        return count % 1_000_000 == 0 ? count / 1_000_000 + "M" : Integer.toString(count);
    }

    private static long liveBytes() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
