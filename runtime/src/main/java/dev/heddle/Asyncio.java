package dev.heddle;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The functions of Python's {@code asyncio}, for {@code import static}. */
public final class Asyncio {

    private Asyncio() {}

    /** Runs. */
    public static <T> T run(Coroutine<T> main) { throw new UnsupportedOperationException("not yet"); }

    /** Awaits. */
    public static <T> T await(Awaitable<T> awaitable) { throw new UnsupportedOperationException("not yet"); }

    /** Awaits. */
    public static <T> T await(CompletionStage<T> stage) { throw new UnsupportedOperationException("not yet"); }

    /** Wraps. */
    public static <T> Future<T> wrapFuture(CompletionStage<T> stage) { throw new UnsupportedOperationException("not yet"); }

    /** Makes a task. */
    public static <T> Task<T> createTask(Coroutine<T> coroutine) { throw new UnsupportedOperationException("not yet"); }

    /** Makes a task. */
    public static <T> Task<T> createTask(Coroutine<T> coroutine, String name) { throw new UnsupportedOperationException("not yet"); }

    /** Makes a future. */
    public static <T> Future<T> ensureFuture(Awaitable<T> awaitable) { throw new UnsupportedOperationException("not yet"); }

    /** Gathers. */
    @SafeVarargs
    public static <T> Future<List<T>> gather(Awaitable<? extends T>... awaitables) { throw new UnsupportedOperationException("not yet"); }

    /** Gathers. */
    public static <T> Future<List<T>> gather(Collection<? extends Awaitable<? extends T>> awaitables) { throw new UnsupportedOperationException("not yet"); }

    /** Gathers. */
    @SafeVarargs
    public static <T> Future<List<Future<T>>> gatherSettled(Awaitable<? extends T>... awaitables) { throw new UnsupportedOperationException("not yet"); }

    /** Gathers. */
    public static <T> Future<List<Future<T>>> gatherSettled(Collection<? extends Awaitable<? extends T>> awaitables) { throw new UnsupportedOperationException("not yet"); }

    /** Waits. */
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(Collection<F> futures) { throw new UnsupportedOperationException("not yet"); }

    /** Waits. */
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(Collection<F> futures, ReturnWhen returnWhen) { throw new UnsupportedOperationException("not yet"); }

    /** Waits. */
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(
            Collection<F> futures, @Nullable Duration timeout, ReturnWhen returnWhen) { throw new UnsupportedOperationException("not yet"); }

    /** Waits. */
    public static <T> Coroutine<T> waitFor(Awaitable<T> awaitable, @Nullable Duration timeout) { throw new UnsupportedOperationException("not yet"); }

    /** Sleeps. */
    public static Awaitable<Void> sleep(double seconds) { throw new UnsupportedOperationException("not yet"); }

    /** Sleeps. */
    public static Awaitable<Void> sleep(Duration duration) { throw new UnsupportedOperationException("not yet"); }

    /** Sleeps. */
    public static <T> Awaitable<T> sleep(double seconds, T result) { throw new UnsupportedOperationException("not yet"); }

    /** Shields. */
    public static <T> Future<T> shield(Awaitable<T> awaitable) { throw new UnsupportedOperationException("not yet"); }

    /** The task. */
    public static @Nullable Task<?> currentTask() { throw new UnsupportedOperationException("not yet"); }

    /** The tasks. */
    public static Set<Task<?>> allTasks() { throw new UnsupportedOperationException("not yet"); }

    /** The loop. */
    public static EventLoop getRunningLoop() { throw new UnsupportedOperationException("not yet"); }

    /** The loop. */
    public static EventLoop getEventLoop() { throw new UnsupportedOperationException("not yet"); }

    /** A loop. */
    public static EventLoop newEventLoop() { throw new UnsupportedOperationException("not yet"); }

    /** Sets the loop. */
    public static void setEventLoop(@Nullable EventLoop loop) { throw new UnsupportedOperationException("not yet"); }

    /** Runs elsewhere. */
    public static <T> Awaitable<T> toThread(Callable<T> callable) { throw new UnsupportedOperationException("not yet"); }

    /** Runs there. */
    public static <T> CompletableFuture<T> runCoroutineThreadsafe(Coroutine<T> coroutine, EventLoop loop) { throw new UnsupportedOperationException("not yet"); }
}
