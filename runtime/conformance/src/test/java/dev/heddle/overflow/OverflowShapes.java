package dev.heddle.overflow;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createEagerTask;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Queue;
import dev.heddle.sync.Semaphore;
import dev.heddle.workers.SharedQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Coroutines that call themselves until the stack overflows, each in another way. */
public enum OverflowShapes {
    PLAIN(next -> {
        await(next);
        return Coroutine.done();
    }),
    WAIT_FOR(next -> {
        await(waitFor(next, Duration.ofHours(1)));
        return Coroutine.done();
    }),
    TIMEOUT(next -> {
        await(timeout(Duration.ofHours(1), limit -> {
            await(next);
            return Coroutine.done();
        }));
        return Coroutine.done();
    }),
    GATHER(next -> {
        await(gather(createEagerTask(next), sleep(0)));
        return Coroutine.done();
    }),
    EAGER_TASK(next -> {
        await(createEagerTask(next));
        return Coroutine.done();
    }),
    WAIT(next -> {
        await(Asyncio.wait(List.of(createEagerTask(next)), null, ReturnWhen.ALL_COMPLETED));
        return Coroutine.done();
    }),
    TASK_GROUP(next -> {
        await(taskGroup(group -> {
            await(next);
            return Coroutine.done();
        }));
        return Coroutine.done();
    }),
    SHIELD(next -> {
        await(shield(createEagerTask(next)));
        return Coroutine.done();
    }),
    LOCK(next -> {
        try (var held = await(new Lock().acquire())) {
            await(next);
        }
        return Coroutine.done();
    }),
    WAITING_LOCK(next -> {
        Lock lock = new Lock();
        try (var held = await(lock.acquire())) {
            createTask(lock.acquire()).cancel();
            await(next);
        }
        return Coroutine.done();
    }),
    SEMAPHORE(next -> {
        try (var held = await(new Semaphore(1).acquire())) {
            await(next);
        }
        return Coroutine.done();
    }),
    EVENT(next -> {
        Event event = new Event();
        event.set();
        await(event.waitSet());
        await(next);
        return Coroutine.done();
    }),
    QUEUE(next -> {
        Queue<Integer> queue = Queue.fifo(2);
        await(queue.put(1));
        await(queue.get());
        await(next);
        return Coroutine.done();
    }),
    SHARED_QUEUE(next -> {
        SharedQueue<Integer> queue = SharedQueue.bounded(2);
        await(queue.put(1));
        await(queue.get());
        await(next);
        return Coroutine.done();
    }),
    CONDITION(next -> {
        Condition condition = new Condition();
        try (var held = await(condition.acquire())) {
            await(next);
            condition.notifyAllWaiters();
        }
        return Coroutine.done();
    }),
    SLEEP(next -> {
        sleep(1).toString();
        await(next);
        return Coroutine.done();
    }),
    FINALLY(next -> {
        try {
            await(next);
        } finally {
            sleep(0).toString();
        }
        return Coroutine.done();
    }),
    STAGE(next -> {
        try {
            await(next);
        } finally {
            await(CompletableFuture.completedFuture(1));
        }
        return Coroutine.done();
    }),
    FAILED_STAGE(next -> {
        try {
            await(next);
        } finally {
            try {
                await(CompletableFuture.failedFuture(new IllegalStateException()));
            } catch (IllegalStateException expected) {
                sleep(0).toString();
            }
        }
        return Coroutine.done();
    }),
    OTHER_FAILURE(next -> {
        try {
            await(next);
        } catch (StackOverflowError overflow) {
            throw new IllegalStateException(overflow);
        }
        return Coroutine.done();
    }),
    CONTEXT(next -> {
        new ContextVar<String>("name").set("value");
        await(next);
        return Coroutine.done();
    }),
    FUTURE(next -> {
        Future<Integer> future = getRunningLoop().createFuture();
        future.addDoneCallback(done -> {});
        future.setResult(1);
        await(future);
        await(next);
        return Coroutine.done();
    }),
    CALLBACK(next -> {
        await(Asyncio.<Integer>fromCallback(completer -> completer.complete(1)));
        await(next);
        return Coroutine.done();
    });

    /** Awaits a coroutine in the way of this shape. */
    private final AsyncFunction<Coroutine<Void>, Void> around;

    OverflowShapes(AsyncFunction<Coroutine<Void>, Void> around) {
        this.around = around;
    }

    @Async
    private Coroutine<Void> deeper() throws Exception {
        await(around.apply(deeper()));
        return Coroutine.done();
    }

    /** Overflows the stack below {@code padding} methods more. */
    @Async
    private Coroutine<Void> padded(int padding) throws Exception {
        await(padding == 0 ? deeper() : padded(padding - 1));
        return Coroutine.done();
    }

    @Async
    private Coroutine<String> overflow(int padding) {
        String ended = "no failure";
        try {
            await(createTask(padded(padding)));
        } catch (Throwable failure) {
            ended = "a failure";
        }
        await(sleep(0.01)); // the loop and its timers work
        return Coroutine.of(ended);
    }

    @Async
    private static Coroutine<Void> pass() {
        await(sleep(0));
        return Coroutine.done();
    }

    private static <T> T run(Coroutine<T> coroutine) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setExceptionHandler((ofLoop, report) -> {}); // overflows that nobody awaits would fill the log
            return loop.runUntilComplete(coroutine);
        }
    }

    /** Runs a task that overflows the stack in the way of {@code shape}, and tells how the task has ended. */
    public static String overflow(String shape, int padding) {
        return run(valueOf(shape).overflow(padding));
    }

    /** Runs every shape without an overflow. */
    public static void runAll() throws Exception {
        for (OverflowShapes shape : values()) {
            run(shape.around.apply(pass()));
        }
    }
}
