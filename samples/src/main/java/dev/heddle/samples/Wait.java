// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.Waited;
import java.util.List;

/**
 * Waits for four tasks and reads their results from the set {@code done}. The set has no order, so the program
 * recognises a result by the name of its task. Prints a line per task and the number of tasks that are still pending,
 * which is 0.
 */
public final class Wait {

    private Wait() {}

    @Async
    static Coroutine<Integer> square(int number) {
        await(sleep(0.5));
        return Coroutine.of(number * number);
    }

    @Async
    static Coroutine<Void> demo() {
        List<Task<Integer>> tasks = List.of(
                createTask(square(1), "square of 1"),
                createTask(square(2), "square of 2"),
                createTask(square(3), "square of 3"),
                createTask(square(4), "square of 4"));
        Waited<Task<Integer>> waited = await(Asyncio.wait(tasks));
        for (Task<Integer> task : waited.done()) {
            System.out.println(task.name() + " is " + task.result());
        }
        System.out.println("pending: " + waited.pending().size());
        return Coroutine.done();
    }

    public static void main(String[] args) {
        run(demo());
    }
}
