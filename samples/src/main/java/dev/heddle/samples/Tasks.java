// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs five tasks on the event loop of this thread and closes the loop. All five start before the first one ends, so
 * the program prints five starts, a second later five ends, and takes one second instead of five.
 */
public final class Tasks {

    private Tasks() {}

    @Async
    static Coroutine<Void> work(int number) {
        System.out.println("task " + number + " starts");
        await(sleep(1));
        System.out.println("task " + number + " ends");
        return Coroutine.done();
    }

    public static void main(String[] args) {
        EventLoop loop = getEventLoop();
        List<Future<Void>> tasks = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            tasks.add(ensureFuture(work(number)));
        }
        loop.runUntilComplete(Asyncio.wait(tasks));
        loop.close();
    }
}
