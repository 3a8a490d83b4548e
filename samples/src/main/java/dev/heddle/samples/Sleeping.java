// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.util.Locale;

/**
 * Compares {@code await(sleep(1))}, which lets others run meanwhile, with {@code Thread.sleep(1000)}, which stalls the
 * whole loop. Prints the starts and ends of three coroutines that wait in either way, and the times: one second against
 * three.
 */
public final class Sleeping {

    private Sleeping() {}

    @Async
    static Coroutine<Void> awaiting(int number, double seconds) {
        System.out.println("  " + number + " starts");
        await(sleep(seconds));
        System.out.println("  " + number + " ends");
        return Coroutine.done();
    }

    @SuppressWarnings("heddle") // shows what blocking does
    @Async
    static Coroutine<Void> stalling(int number, double seconds) throws InterruptedException {
        System.out.println("  " + number + " starts");
        Thread.sleep((long) (seconds * 1_000));
        System.out.println("  " + number + " ends");
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> compare(double seconds) throws InterruptedException {
        System.out.println("await(sleep(" + seconds + "))");
        long start = System.nanoTime();
        await(gather(awaiting(1, seconds), awaiting(2, seconds), awaiting(3, seconds)));
        printSecondsSince(start);

        System.out.println("Thread.sleep of " + seconds + " s");
        start = System.nanoTime();
        await(gather(stalling(1, seconds), stalling(2, seconds), stalling(3, seconds)));
        printSecondsSince(start);
        return Coroutine.done();
    }

    private static void printSecondsSince(long start) {
        System.out.printf(Locale.ROOT, "took %.2f s%n", (System.nanoTime() - start) / 1e9);
    }

    public static void main(String[] args) throws InterruptedException {
        run(compare(1));
    }
}
