package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Python's {@code asyncio} under their names there, for {@code import static}. Unless it is said otherwise they are called on
 * the thread of a running loop, that is in a coroutine or a callback.
 */
public final class Asyncio {

    private Asyncio() {}

    // Running and awaiting

    /**
     * Runs {@code main} in a new loop and returns its result, Python's {@code asyncio.run}. Before it returns, tasks that still run are
     * cancelled and awaited, the calls in the default executor are awaited, at most 300 seconds, and the loop is closed. When the JVM is
     * told to end meanwhile, {@code main} is cancelled and the JVM waits for all this; see {@link Runner}.
     *
     * @throws IllegalStateException if a loop runs on this thread; {@code main} never runs then
     * @throws InterruptError if the thread was interrupted and {@code main} was cancelled by that; the interrupt flag is set
     * @throws CancelledError if {@code main} ended cancelled; any other throwable if it failed with it, checked ones too
     */
    public static <T extends @Nullable Object> T run(Coroutine<T> main) {
        try (Runner runner = new Runner("Asyncio.run()")) {
            return runner.run(main);
        }
    }

    /**
     * As {@link #run(Coroutine)} of a coroutine that awaits {@code awaitable}. A future runs in the loop it belongs to, which is that of this thread
     * for one that {@link #gather(Awaitable[])} made before; that loop is closed then, too.
     *
     * @throws IllegalStateException also if the loop of the future is closed or runs
     */
    public static <T extends @Nullable Object> T run(Awaitable<T> awaitable) {
        Objects.requireNonNull(awaitable, "awaitable");
        if (awaitable instanceof Coroutine<T> coroutine) {
            return run(coroutine);
        }
        EventLoop loop = awaitable instanceof Future<T> future ? future.loop : null;
        if (loop == null) {
            return run(new AwaitFrame<>(awaitable));
        }
        if (RunningLoop.orNull() == null) {
            RunningLoop.requireRunnable(loop, null);
        }
        try (Runner runner = new Runner(() -> loop, "Asyncio.run()")) {
            return runner.run(new AwaitFrame<>(awaitable));
        } finally {
            if (loop.isClosed()) {
                RunningLoop.restore(loop, null);
            }
        }
    }

    /** As {@link #run(Coroutine)} of the coroutine that {@code body} makes, which is called in the loop. */
    public static <T extends @Nullable Object> T run(AsyncSupplier<T> body) {
        return run(new SuppliedFrame<>(SuppliedFrame.RUN, body));
    }

    /**
     * Suspends the calling {@link Async} method until {@code awaitable} is done, and gives its result, Python's {@code await}. A failure is
     * thrown as the very throwable that was raised, checked ones too, with the awaiting methods in its trace.
     *
     * @throws CancelledError if the task is cancelled meanwhile, or {@code awaitable} was
     * @throws IllegalStateException if the calling class was not woven, or {@code awaitable} is a future of another loop that is not done,
     *     the task itself, or a coroutine that is being awaited or was
     */
    public static <T extends @Nullable Object> T await(Awaitable<T> awaitable) {
        throw NotWoven.await();
    }

    /** As {@link #await(Awaitable)} of {@link #wrapFuture}. */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        throw NotWoven.await();
    }

    /**
     * A future of the outcome of {@code stage}, of the loop that {@link #getEventLoop} gives. Cancelling the future cancels the stage.
     * The wrappers {@code CompletionException} and {@code ExecutionException} are taken off a failure. Python's {@code asyncio.wrap_future}.
     *
     * <p>A stage of this library that was cancelled, such as {@link Future#toCompletableFuture} or {@link #runCoroutineThreadsafe} gives,
     * cancels the future. Any other stage with a {@code CancellationException} has failed with it, and so does the future: nobody has asked the
     * tasks that await it to end. In asyncio the future is cancelled.
     */
    public static <T extends @Nullable Object> Future<T> wrapFuture(CompletionStage<T> stage) {
        return ExternalFuture.of(Objects.requireNonNull(stage, "stage"), getEventLoop());
    }

    // Tasks

    /**
     * Makes a task of {@code coroutine} in the running loop, Python's {@code asyncio.create_task}. It begins in the next turn,
     * in a copy of the current context.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
        return getRunningLoop().createTask(coroutine);
    }

    /** As {@link #createTask(Coroutine)}, the task having the name {@code name}, or one of the loop's if that is null. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name) {
        return getRunningLoop().createTask(coroutine, name);
    }

    /** As {@link #createTask(Coroutine)}, the task running in {@code context} itself and not in a copy. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, Context context) {
        return getRunningLoop().createTask(coroutine, context);
    }

    /** As {@link #createTask(Coroutine)}, with {@code options}. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options) {
        return getRunningLoop().createTask(coroutine, options);
    }

    /**
     * Makes a task of {@code coroutine} that runs to its first await that has to wait before this returns, Python's
     * {@code asyncio.create_task(..., eager_start=True)}. A failure until then is that of the task, and not thrown here.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public static <T extends @Nullable Object> Task<T> createEagerTask(Coroutine<T> coroutine) {
        return createTask(coroutine, TaskOptions.EAGER);
    }

    /** As {@link #createEagerTask(Coroutine)}, the task having the name {@code name}. */
    public static <T extends @Nullable Object> Task<T> createEagerTask(Coroutine<T> coroutine, String name) {
        return createTask(coroutine, TaskOptions.EAGER.withName(Objects.requireNonNull(name, "name")));
    }

    /** The factory of a loop whose tasks are eager, Python's {@code asyncio.eager_task_factory}; for {@link EventLoop#setTaskFactory}. */
    public static TaskFactory eagerTaskFactory() {
        return EagerTaskFactory.INSTANCE;
    }

    /**
     * {@code awaitable} itself if it is a future, else a new task of the loop that {@link #getEventLoop} gives, Python's
     * {@code asyncio.ensure_future}. May be called while no loop runs.
     */
    public static <T extends @Nullable Object> Future<T> ensureFuture(Awaitable<T> awaitable) {
        Objects.requireNonNull(awaitable, "awaitable");
        return Futures.ensure(awaitable, Futures.loopOf(awaitable));
    }

    /** The task that runs at this moment, or null in a callback, Python's {@code asyncio.current_task}. */
    public static @Nullable Task<?> currentTask() {
        return getRunningLoop().current();
    }

    /** The tasks of the running loop that are not done, the oldest first, Python's {@code asyncio.all_tasks}. */
    public static Set<Task<?>> allTasks() {
        return allTasks(getRunningLoop());
    }

    /** The tasks of {@code loop} that are not done, the oldest first. Called on the thread that runs it, or while none does. */
    public static Set<Task<?>> allTasks(EventLoop loop) {
        return loop.tasks.all();
    }

    // Combining

    /**
     * Starts all {@code awaitables} at once and gives a future of their results in the order of the arguments, Python's
     * {@code asyncio.gather}. The first failure is that of the future, and the others run on. Cancelling the future cancels them all.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T extends @Nullable Object> Future<List<T>> gather(Awaitable<? extends T>... awaitables) {
        return Futures.gather(Arrays.asList(awaitables), false);
    }

    /** As {@link #gather(Awaitable[])}, in the order of the collection. */
    public static <T extends @Nullable Object> Future<List<T>> gather(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return Futures.gather(awaitables, false);
    }

    /**
     * Starts all {@code awaitables} at once and gives a future that is done when they all are, whatever their outcomes: it has the future
     * of each in the order of the arguments. Python's {@code asyncio.gather(..., return_exceptions=True)}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T extends @Nullable Object> Future<List<Future<T>>> gatherSettled(
            Awaitable<? extends T>... awaitables) {
        return Futures.gather(Arrays.asList(awaitables), true);
    }

    /** As {@link #gatherSettled(Awaitable[])}, in the order of the collection. */
    public static <T extends @Nullable Object> Future<List<Future<T>>> gatherSettled(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return Futures.gather(awaitables, true);
    }

    /** As {@link #wait(Collection, Duration, ReturnWhen)}, until all are done. */
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(Collection<F> futures) {
        return wait(futures, null, ReturnWhen.ALL_COMPLETED);
    }

    /** As {@link #wait(Collection, Duration, ReturnWhen)}, without a limit. */
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(Collection<F> futures, ReturnWhen returnWhen) {
        return wait(futures, null, returnWhen);
    }

    /**
     * Waits for {@code futures}, as long as {@code returnWhen} says but at most {@code timeout}, null being no limit. Python's
     * {@code asyncio.wait}: it neither cancels them nor throws their failures nor a timeout. To be called as {@code Asyncio.wait}, because
     * {@code Object.wait} hides a static import. Awaiting it with no futures, or with one of another loop, throws an
     * {@code IllegalArgumentException}.
     */
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(
            Collection<F> futures, @Nullable Duration timeout, ReturnWhen returnWhen) {
        return new WaitFrame<>(
                Objects.requireNonNull(futures, "futures"), timeout, Objects.requireNonNull(returnWhen, "returnWhen"));
    }

    /**
     * Awaits {@code awaitable}, at most {@code timeout}, null being no limit. When the time is over it is cancelled, and a
     * {@link TimeoutException} is thrown once it has ended; if it gives a result all the same, that is the result. Python's
     * {@code asyncio.wait_for}.
     */
    public static <T extends @Nullable Object> Coroutine<T> waitFor(
            Awaitable<T> awaitable, @Nullable Duration timeout) {
        return new WaitForFrame<>(Objects.requireNonNull(awaitable, "awaitable"), timeout);
    }

    /**
     * Runs {@code body} in the task that awaits this, at most {@code timeout} from then on, null being no limit. When the time is over the
     * task is cancelled, and a {@link TimeoutException} is thrown once the body has ended with that {@link CancelledError}. Python's
     * {@code async with asyncio.timeout(...)}.
     *
     * <p>A body that catches the error and gives a result gives it, {@link Timeout#expired} telling the difference; if the task was cancelled by
     * somebody else too, it stays cancelled. If the body ends with another failure, that is thrown: a {@code CancelledError} among its
     * causes and suppressed throwables, or theirs, gets the {@code TimeoutException} as its cause.
     */
    public static <T extends @Nullable Object> Coroutine<T> timeout(
            @Nullable Duration timeout, AsyncFunction<Timeout, T> body) {
        return TimeoutFrame.after(timeout, Objects.requireNonNull(body, "body"));
    }

    /**
     * As {@link #timeout}, until {@link EventLoop#time} reaches {@code when}, infinity being no limit. Python's {@code asyncio.timeout_at}.
     *
     * @throws IllegalArgumentException if {@code when} is not a number
     */
    public static <T extends @Nullable Object> Coroutine<T> timeoutAt(double when, AsyncFunction<Timeout, T> body) {
        return TimeoutFrame.at(Seconds.toNanos(when), Objects.requireNonNull(body, "body"));
    }

    /**
     * Runs {@code body} in the task that awaits this, with a group in which it makes tasks, and gives the result of the body when they all
     * are done. The first failure, of the body or a task, cancels all the others; they are awaited, and an {@link ExceptionGroup} of all
     * failures is thrown. Python's {@code async with asyncio.TaskGroup()}.
     *
     * <p>A cancellation is no failure: a task of the group that ends cancelled is ignored, and cancelling the task that awaits this
     * cancels the group and throws a {@link CancelledError}, unless there are failures too. Then the group of these is thrown, and the
     * task is cancelled again at its next {@code await} that has to wait. An {@link InterruptError}, {@link InternalError} or
     * {@link UnknownError} is thrown by itself.
     */
    public static <T extends @Nullable Object> Coroutine<T> taskGroup(AsyncFunction<TaskGroup, T> body) {
        return new TaskGroupFrame<>(Objects.requireNonNull(body, "body"));
    }

    /** As {@link #asCompleted(Collection, Duration)}, without a limit. */
    public static <T extends @Nullable Object> Iterable<Coroutine<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables) {
        return asCompleted(awaitables, null);
    }

    /**
     * Starts all {@code awaitables} at once and gives as many coroutines, of which the first to be awaited ends as the first of them to be
     * done, and so on. One that was given twice counts once. Those that are not done {@code timeout} from now, null being no limit, run on,
     * and a {@link TimeoutException} is thrown for each. The coroutines can be gone through once only. Python's
     * {@code asyncio.as_completed}.
     */
    public static <T extends @Nullable Object> Iterable<Coroutine<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables, @Nullable Duration timeout) {
        CompletionOrder<T> order = new CompletionOrder<>(Objects.requireNonNull(awaitables, "awaitables"), timeout);
        return () -> order;
    }

    /**
     * A future that ends as {@code awaitable} does; cancelling it, or the task that awaits it, leaves {@code awaitable} alone. Python's
     * {@code asyncio.shield}.
     */
    public static <T extends @Nullable Object> Future<T> shield(Awaitable<T> awaitable) {
        return Futures.shield(Objects.requireNonNull(awaitable, "awaitable"));
    }

    // Sleeping

    /**
     * A wait of {@code seconds} from when it is awaited, Python's {@code asyncio.sleep}. One that is not positive lets everything else that
     * is ready run once. It can be awaited any number of times.
     *
     * @throws IllegalArgumentException if {@code seconds} is not a number
     */
    public static Awaitable<Void> sleep(double seconds) {
        return sleepNanos(Seconds.toNanos(seconds));
    }

    /** As {@link #sleep(double)}. */
    public static Awaitable<Void> sleep(Duration duration) {
        return sleepNanos(Seconds.toNanos(duration));
    }

    private static Awaitable<Void> sleepNanos(long nanos) {
        return Sleep.of(nanos);
    }

    /** As {@link #sleep(double)}; awaiting it gives {@code result}. */
    public static <T extends @Nullable Object> Awaitable<T> sleep(double seconds, T result) {
        return Sleep.of(Seconds.toNanos(seconds), result);
    }

    // Loops

    /**
     * The loop that runs on this thread, Python's {@code asyncio.get_running_loop}.
     *
     * @throws IllegalStateException if none does
     */
    public static EventLoop getRunningLoop() {
        return RunningLoop.get();
    }

    /**
     * The loop that runs on this thread, else that of the thread, which is the one set by {@link #setEventLoop} or made by the first call.
     * Python's {@code asyncio.get_event_loop}.
     */
    public static EventLoop getEventLoop() {
        return RunningLoop.orThreads();
    }

    /** Makes a loop, Python's {@code asyncio.new_event_loop}. May be called on any thread. */
    public static EventLoop newEventLoop() {
        return EventLoop.create();
    }

    /** Sets the loop of this thread, null for none, Python's {@code asyncio.set_event_loop}. */
    public static void setEventLoop(@Nullable EventLoop loop) {
        RunningLoop.set(loop);
    }

    // Threads

    /**
     * Calls {@code callable} in another thread when it is awaited, in a copy of the current context, Python's {@code asyncio.to_thread}; see
     * {@link EventLoop#runInExecutor}.
     */
    public static <T extends @Nullable Object> Awaitable<T> toThread(Callable<T> callable) {
        return new ThreadFrame<>(Objects.requireNonNull(callable, "callable"));
    }

    /**
     * Makes a task of {@code coroutine} in {@code loop}, which another thread runs, Python's {@code asyncio.run_coroutine_threadsafe}. Cancelling
     * the result cancels the task. May be called on any thread; on the loop's own, blocking on the result would wait for ever.
     *
     * @throws IllegalStateException if {@code loop} is closed; the coroutine never runs then
     */
    public static <T extends @Nullable Object> CompletableFuture<T> runCoroutineThreadsafe(
            Coroutine<T> coroutine, EventLoop loop) {
        Objects.requireNonNull(coroutine, "coroutine");
        return Outcomes.submit(coroutine, loop);
    }
}
