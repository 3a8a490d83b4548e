package dev.heddle.cpython;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;

/** Coroutines that many programs need. */
public final class Coroutines {

    private Coroutines() {}

    public static <T> Future<T> createFuture() {
        return getRunningLoop().createFuture();
    }

    public static <T> Future<T> doneFuture(T result) {
        Future<T> future = createFuture();
        future.setResult(result);
        return future;
    }

    @Async
    public static <T> Coroutine<T> value(T value) {
        return Coroutine.of(value);
    }

    @Async
    public static Coroutine<String> failing(String message) {
        throw new IllegalArgumentException(message);
    }

    /** Awaits {@code awaitable}, and records when it begins, is cancelled and ends. */
    @Async
    public static <T> Coroutine<T> body(Events log, Awaitable<T> awaitable) {
        log.add("begins");
        try {
            return Coroutine.of(await(awaitable));
        } catch (CancelledError error) {
            log.add(error);
            throw error;
        } finally {
            log.add("finally");
        }
    }

    /** Awaits {@code awaitable}, and continues when it is cancelled. */
    @Async
    public static Coroutine<Integer> swallowing(Events log, Awaitable<?> awaitable) {
        try {
            await(awaitable);
        } catch (CancelledError error) {
            log.add(error);
        }
        log.add(await(sleep(0, "goes on")));
        return Coroutine.of(7);
    }

    /** Creates a task of {@code coroutine}, and returns it once it has begun. */
    @Async
    public static <T> Coroutine<Task<T>> started(Coroutine<T> coroutine) {
        Task<T> task = createTask(coroutine);
        await(sleep(0));
        return Coroutine.of(task);
    }

    /** Waits {@code delay} seconds. Then it throws {@code outcome} if that is a failure, or else returns it. */
    @Async
    public static <T> Coroutine<T> after(double delay, T outcome) {
        await(sleep(delay));
        if (outcome instanceof RuntimeException failure) {
            throw failure;
        }
        return Coroutine.of(outcome);
    }
}
