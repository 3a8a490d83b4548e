// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs a thousand tasks of one second each on one thread and adds their results up. Prints the number of tasks, the sum
 * of their results and the time they took together: about a second.
 */
public final class Thousand {

    private Thousand() {}

    @Async
    static Coroutine<Integer> work(int number) {
        await(sleep(1));
        return Coroutine.of(number);
    }

    public static void main(String[] args) {
        EventLoop loop = getEventLoop();
        double start = loop.time();
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int number = 1; number <= 1_000; number++) {
            tasks.add(loop.createTask(work(number)));
        }
        loop.runUntilComplete(Asyncio.wait(tasks));
        double seconds = loop.time() - start;
        loop.close();

        int sum = 0;
        for (Task<Integer> task : tasks) {
            sum += task.result();
        }
        System.out.printf(Locale.ROOT, "%d tasks, sum of results %d, %.2f s%n", tasks.size(), sum, seconds);
    }
}
