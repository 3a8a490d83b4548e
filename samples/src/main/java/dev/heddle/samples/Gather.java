// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;

/**
 * Runs four coroutines at once with {@code gather}. Each sleeps a little longer than the one after it, so the program
 * prints the starts in the order 1 to 4 and the ends in the order 4 to 1.
 */
public final class Gather {

    private Gather() {}

    @Async
    static Coroutine<Void> work(int number, double seconds) {
        System.out.println("coroutine " + number + " starts");
        await(sleep(seconds));
        System.out.println("coroutine " + number + " ends after " + seconds + " s");
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> demo() {
        await(gather(work(1, 2.0), work(2, 1.5), work(3, 1.0), work(4, 0.5)));
        System.out.println("all done");
        return Coroutine.done();
    }

    public static void main(String[] args) {
        run(demo());
    }
}
