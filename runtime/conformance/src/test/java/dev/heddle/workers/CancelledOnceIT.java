package dev.heddle.workers;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.workers.WorkersIT.awaitLatch;
import static dev.heddle.workers.WorkersIT.sleepLong;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Clean-up code is cancelled once, whichever way a worker ends while it runs. */
class CancelledOnceIT {

    private final List<String> events = new ArrayList<>();
    private final Worker worker = new Worker(new Workers(0), 0);

    /** Cleans up until {@code released}. */
    @Async
    private Coroutine<Void> cleanUp(String name, Future<Boolean> released) {
        try {
            while (!released.isDone()) {
                await(sleep(0));
            }
            events.add(name + " cleaned up");
        } catch (CancelledError again) {
            events.add(name + " cancelled again");
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> slow(String name, Future<Boolean> released) {
        try {
            await(sleepLong());
        } finally {
            await(cleanUp(name, released));
        }
        return Coroutine.done();
    }

    /** A task that is left at the end, and is cancelled then. */
    @Async
    private Coroutine<Void> left(Runnable atTheEnd, Future<Boolean> released) {
        try {
            await(sleepLong());
        } finally {
            events.add("the rest cancelled");
            atTheEnd.run();
            for (int turn = 0; turn < 4; turn++) {
                await(sleep(0));
            }
            released.setResult(true);
        }
        return Coroutine.done();
    }

    /** Has clean-up code in the coroutine that was submitted, in a task of its group, and in a task that it awaits. */
    @Async
    private Coroutine<Void> work(CountDownLatch begun, Runnable atTheEnd) {
        Future<Boolean> released = Asyncio.getRunningLoop().createFuture();
        createTask(left(atTheEnd, released));
        await(taskGroup(group -> {
            group.createTask(slow("group", released));
            Task<Void> awaited = createTask(slow("task", released));
            await(sleep(0));
            begun.countDown();
            try {
                await(awaited);
            } finally {
                await(cleanUp("work", released));
            }
            return Coroutine.done();
        }));
        return Coroutine.done();
    }

    private void start(Runnable atTheEnd) {
        CountDownLatch begun = new CountDownLatch(1);
        worker.thread.start();
        Work<Void> work = new Work<>(worker, () -> work(begun, atTheEnd));
        worker.claim(work);
        worker.begin(work);
        awaitLatch(begun);
    }

    private void requireCleanedUp() {
        worker.over.join();
        try {
            worker.thread.join();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
        assertEquals(
                Set.of("the rest cancelled", "work cleaned up", "task cleaned up", "group cleaned up"),
                Set.copyOf(events),
                events::toString);
        assertEquals(4, events.size(), events::toString);
    }

    /** A shutdown stops the worker at the end of the grace period. */
    @Test
    void byTheEndOfTheGrace() {
        start(() -> {});
        worker.cancelAll();
        worker.stop();
        requireCleanedUp();
    }

    /** A shutdown begins while the worker, which has died or was told to stop, cleans up. */
    @Test
    void byAShutdownDuringTheEnd() {
        start(worker::cancelAll);
        worker.stop();
        requireCleanedUp();
    }
}
