package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createEagerTask;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.sync.Queue;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A task that is cancelled while it runs, by itself or by an eager task inside it. */
class RunningTaskIT {

    private Task<Void> first;
    private Task<Void> second;

    private static void run(AsyncSupplier<Void> main) throws Exception {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(main.get());
        }
    }

    @Async
    private Coroutine<Void> cancelItselfThenAwaitSecond() {
        await(sleep(0));
        await(sleep(0));
        Objects.requireNonNull(currentTask()).cancel("of itself");
        await(second);
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> awaitFirst() {
        await(first);
        return Coroutine.done();
    }

    /** CPython recurses until it fails. */
    @Test
    void whoCancelsItselfLeavesTheCircleThatItCloses() throws Exception {
        run(() -> {
            first = createTask(cancelItselfThenAwaitSecond());
            second = createTask(awaitFirst());
            await(Asyncio.wait(List.of(first, second)));
            assertTrue(first.isCancelled());
            assertTrue(second.isCancelled());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> cancel(Task<?> task) {
        task.cancel("by an eager task");
        return Coroutine.done();
    }

    /** The get in which the task stood before is used again by another task in the same step. */
    @Test
    void anEagerTaskCancelsWhoRunsAndNobodyElse() throws Exception {
        run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            Task<?> self = Objects.requireNonNull(currentTask());
            Asyncio.getRunningLoop().callSoon(() -> queue.putNow(1));
            assertEquals(1, await(queue.get()));
            Task<Integer> other = createEagerTask(queue.get());
            createEagerTask(cancel(self));
            assertEquals(1, self.stack().size(), "this method, and nothing of the get");
            try {
                await(sleep(1));
                throw new AssertionError("the task was not cancelled");
            } catch (CancelledError expected) {
                assertEquals("by an eager task", expected.getMessage());
            }
            assertFalse(other.isDone());
            queue.putNow(2);
            assertEquals(2, await(other));
            return Coroutine.done();
        });
    }
}
