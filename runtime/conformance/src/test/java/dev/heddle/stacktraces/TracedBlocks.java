package dev.heddle.stacktraces;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.stacktraces.Traced.calling;
import static dev.heddle.stacktraces.Traced.here;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The same as {@link Traced}, with blocks. The part of a name after a dot denotes the call in the body. */
final class TracedBlocks {

    private TracedBlocks() {}

    @Async
    static Coroutine<Void> throughTimeout(double delay) {
        await(here("throughTimeout", timeout(Duration.ofSeconds(5), limit -> {
            await(here("throughTimeout.body", calling(delay)));
            return Coroutine.done();
        })));
        return Coroutine.done();
    }

    /** Takes too long. */
    @Async
    static Coroutine<Void> tooLate() {
        await(here("tooLate", timeout(Duration.ofSeconds(1), limit -> {
            await(here("tooLate.body", sleep(5)));
            return Coroutine.done();
        })));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> throughGroup(double delay) {
        await(here("throughGroup", taskGroup(group -> {
            await(here("throughGroup.body", calling(delay)));
            return Coroutine.done();
        })));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> groupOfOne(double delay) {
        await(here("groupOfOne", taskGroup(group -> {
            group.createTask(calling(delay));
            return Coroutine.done();
        })));
        return Coroutine.done();
    }

    /** Awaits a task by means of {@code asCompleted}. With a {@code pause}, the task is done before the await. */
    @Async
    static Coroutine<Void> throughAsCompleted(int pause) throws IOException {
        Task<Void> task = createTask(calling(1));
        for (Coroutine<Void> next : asCompleted(List.of(task))) {
            await(sleep(pause));
            await(here("throughAsCompleted", next));
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> throughDoneTaskInNoTime() throws IOException {
        Task<Void> task = createTask(calling(1));
        await(sleep(1.5));
        await(here("throughDoneTaskInNoTime", waitFor(task, Duration.ZERO)));
        return Coroutine.done();
    }
}
