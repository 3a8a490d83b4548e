// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows that {@code gather} keeps the order of its arguments. The last word is ready first and the first word last, but
 * the list of results reads as the arguments do. Prints each word when it is ready, then the list.
 */
public final class Ordered {

    private Ordered() {}

    @Async
    static Coroutine<String> spell(String word, double seconds) {
        await(sleep(seconds));
        System.out.println(word + " is ready");
        return Coroutine.of(word);
    }

    @Async
    static Coroutine<Void> demo() {
        List<Coroutine<String>> words = new ArrayList<>();
        double seconds = 1.0;
        for (String word : List.of("results", "come", "in", "argument", "order")) {
            words.add(spell(word, seconds));
            seconds -= 0.2;
        }
        System.out.println(await(gather(words)));
        return Coroutine.done();
    }

    public static void main(String[] args) {
        run(demo());
    }
}
