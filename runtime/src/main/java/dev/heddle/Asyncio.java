// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.combine.CompletionOrder;
import dev.heddle.internal.combine.FutureWait;
import dev.heddle.internal.combine.LateWait;
import dev.heddle.internal.flow.IteratorPublisher;
import dev.heddle.internal.flow.PublishedElements;
import dev.heddle.internal.loop.Seconds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Python's {@code asyncio} under their Python names. Use them with {@code import static}. Unless a method says otherwise,
 * call it on the thread of a running loop, that is, in a coroutine or a callback.
 */
public final class Asyncio {

    private static final TaskFactory EAGER = new TaskFactory() {

        @Override
        public <T extends @Nullable Object> Task<T> newTask(
                EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            return Task.of(loop, coroutine, options.eagerStart() == null ? options.withEagerStart(true) : options);
        }
    };

    private Asyncio() {}

    // Running and awaiting

    /**
     * Runs {@code main} in a new loop and returns its result. This is the usual entry point of a program. Before this method returns, it
     * cancels and awaits the remaining tasks, awaits the calls in the default executor for at most 300 seconds, and closes the loop. If the
     * JVM shuts down during the run, {@code main} is cancelled and the JVM waits for all of this; see {@link Runner}.
     *
     * <p>If {@code main} fails, its throwable propagates as it is, even a checked exception. Corresponds to {@code asyncio.run}.
     *
     * @throws IllegalStateException if a loop runs on this thread; {@code main} then never runs
     * @throws InterruptError if {@code main} was cancelled because the thread was interrupted; the interrupt flag is set
     * @throws CancelledError if {@code main} ended cancelled
     */
    public static <T extends @Nullable Object> T run(Coroutine<T> main) {
        try (Runner runner = new Runner("Asyncio.run()")) {
            return runner.run(main);
        }
    }

    /**
     * As {@link #run(Coroutine)}, with a coroutine that awaits {@code awaitable}. A future runs in the loop it belongs to, and that loop is
     * closed afterwards. A future that {@link #gather(Awaitable[])} returned while no loop was running belongs to the loop of this thread.
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
            return run(TaskMaker.wrapAwaitable(awaitable));
        }
        if (RunningLoop.orNull() == null) {
            RunningLoop.requireRunnable(loop, null);
        }
        try (Runner runner = new Runner(() -> loop, "Asyncio.run()")) {
            return runner.run(TaskMaker.wrapAwaitable(awaitable));
        } finally {
            if (loop.isClosed()) {
                RunningLoop.restore(loop, null);
            }
        }
    }

    /** As {@link #run(Coroutine)}, with the coroutine that {@code body} returns. {@code body} is called in the loop. */
    public static <T extends @Nullable Object> T run(AsyncSupplier<T> body) {
        Objects.requireNonNull(body, "body");
        try (Runner runner = new Runner("Asyncio.run()")) {
            return runner.run(run(Sneaky.unchecked(body::get)));
        }
    }

    /** Calls {@code body} in the loop: the code before its first await needs a loop, too. */
    @Async
    private static <T extends @Nullable Object> Coroutine<T> run(Supplier<Coroutine<T>> body) {
        return Coroutine.of(await(body.get()));
    }

    /**
     * Suspends the calling {@link Async} method until {@code awaitable} is done, and returns its result. If {@code awaitable} fails, the
     * same throwable is thrown here, even a checked exception, with the awaiting methods in its stack trace. Corresponds to {@code await}.
     *
     * @throws CancelledError if the task is cancelled during the wait, or {@code awaitable} was cancelled
     * @throws IllegalStateException if the calling class was not woven, or if {@code awaitable} is a pending future of another loop, the
     *     task itself, or a coroutine that is being or has been awaited
     */
    public static <T extends @Nullable Object> T await(Awaitable<T> awaitable) {
        throw NotWoven.await();
    }

    /** As {@link #await(Awaitable)}, with the future that {@link #wrapFuture} returns. */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        throw NotWoven.await();
    }

    /**
     * As {@link #await(Awaitable)}, and declares {@code X} to the compiler, so that the calling method can catch it, or has to declare it. The class has no other
     * effect: {@code awaitable} may fail with any other throwable, too.
     */
    public static <T extends @Nullable Object, X extends Throwable> T await(Awaitable<T> awaitable, Class<X> declared)
            throws X {
        throw NotWoven.await();
    }

    /** As {@link #await(Awaitable, Class)}, with two classes. */
    public static <T extends @Nullable Object, X extends Throwable, Y extends Throwable> T await(
            Awaitable<T> awaitable, Class<X> declared, Class<Y> alsoDeclared) throws X, Y {
        throw NotWoven.await();
    }

    /** As {@link #await(CompletionStage)}, with a class as in {@link #await(Awaitable, Class)}. */
    public static <T extends @Nullable Object, X extends Throwable> T await(CompletionStage<T> stage, Class<X> declared)
            throws X {
        throw NotWoven.await();
    }

    /** As {@link #await(CompletionStage, Class)}, with two classes. */
    public static <T extends @Nullable Object, X extends Throwable, Y extends Throwable> T await(
            CompletionStage<T> stage, Class<X> declared, Class<Y> alsoDeclared) throws X, Y {
        throw NotWoven.await();
    }

    /**
     * Returns a future with the outcome of {@code stage}. The future belongs to the loop that {@link #getEventLoop} returns. Cancelling the
     * future cancels the stage. {@code CompletionException} and {@code ExecutionException} are unwrapped. Corresponds to
     * {@code asyncio.wrap_future}.
     *
     * <p>If a stage of this library is cancelled, such as the result of {@link Future#toCompletableFuture} or {@link
     * #runCoroutineThreadsafe}, the future is cancelled. If any other stage ends with a {@code CancellationException}, the future fails
     * with it, because no request to end was made to the tasks that await it. In asyncio the future is cancelled.
     */
    public static <T extends @Nullable Object> Future<T> wrapFuture(CompletionStage<T> stage) {
        return ExternalFuture.of(Objects.requireNonNull(stage, "stage"), getEventLoop());
    }

    /**
     * As {@link #wrapFuture}, but cancelling the future does not cancel the stage. Use it for a stage that others wait for too, such as an entry of a cache:
     * {@code await(shared(cache.get(key)))}.
     */
    public static <T extends @Nullable Object> Future<T> shared(CompletionStage<T> stage) {
        return ExternalFuture.sharing(Objects.requireNonNull(stage, "stage"), getEventLoop());
    }

    /**
     * Waits for a callback of another library. When the result is awaited, {@code start} is called with a {@link Completer}; it calls the library, whose callback
     * calls {@link Completer#complete} or {@link Completer#fail}, on any thread. What {@code start} throws is thrown at the await.
     *
     * <pre>{@code
     * Response response = await(fromCallback(completer -> {
     *     Call call = client.newCall(request);
     *     completer.onCancel(call::cancel);
     *     call.enqueue(new Callback() {
     *         public void onResponse(Call call, Response response) { completer.complete(response); }
     *         public void onFailure(Call call, IOException failure) { completer.fail(failure); }
     *     });
     * }));
     * }</pre>
     *
     * <p>In asyncio, {@code loop.create_future()} and {@code loop.call_soon_threadsafe} serve this purpose.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> fromCallback(Consumer<Completer<T>> start) {
        return fromCallback(Completer::new, Objects.requireNonNull(start, "start"));
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> fromCallback(
            Function<EventLoop, Completer<T>> make, Consumer<Completer<T>> start) {
        return Coroutine.of(await(make.apply(RunningLoop.get()).begin(start)));
    }

    /**
     * Returns an iterator over the elements of {@code publisher}. It subscribes at the first {@link AsyncIterator#hasNext}, and cancels the subscription when it is
     * closed. Elements that have arrived are returned without a wait.
     *
     * @param prefetch the greatest number of elements that are requested and not yet returned
     * @throws IllegalArgumentException if {@code prefetch} is less than 1
     */
    public static <T> AsyncIterator<T> iterate(Flow.Publisher<T> publisher, int prefetch) {
        return new PublishedElements<>(publisher, prefetch);
    }

    /**
     * Returns a publisher of the elements of {@code iterator}, for one subscriber. When that requests the first element, a task of the running loop begins to
     * iterate. It calls the subscriber on the thread of the loop, and closes the iterator at its end, and when the subscription is cancelled. One element is fetched
     * before it is requested, so that the subscriber learns of the end with the last element.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public static <T> Flow.Publisher<T> publish(AsyncIterator<T> iterator) {
        return new IteratorPublisher<>(Objects.requireNonNull(iterator, "iterator"), getRunningLoop());
    }

    // Tasks

    /**
     * Creates a task that runs {@code coroutine} in the running loop. It begins in the next iteration of the loop, in a copy of the current
     * context. Corresponds to {@code asyncio.create_task}.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
        return getRunningLoop().createTask(coroutine);
    }

    /** As {@link #createTask(Coroutine)}. The task is called {@code name}; if that is null, the loop chooses a name. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name) {
        return getRunningLoop().createTask(coroutine, name);
    }

    /** As {@link #createTask(Coroutine)}, with the coroutine that {@code body} returns. {@code body} is called now; the coroutine begins later. */
    public static <T extends @Nullable Object> Task<T> createTask(AsyncSupplier<T> body) {
        return getRunningLoop().createTask(body);
    }

    /** As {@link #createTask(AsyncSupplier)}. The task is called {@code name}; if that is null, the loop chooses a name. */
    public static <T extends @Nullable Object> Task<T> createTask(AsyncSupplier<T> body, @Nullable String name) {
        return getRunningLoop().createTask(body, name);
    }

    /** As {@link #createTask(Coroutine)}. The task runs in {@code context} itself, not in a copy. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, Context context) {
        return getRunningLoop().createTask(coroutine, context);
    }

    /** As {@link #createTask(Coroutine)}, with {@code options}. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options) {
        return getRunningLoop().createTask(coroutine, options);
    }

    /**
     * Creates a task and runs {@code coroutine} immediately, up to its first await that has to wait. If the coroutine fails before that,
     * the task fails; the failure is not thrown here. Corresponds to {@code asyncio.create_task(..., eager_start=True)}.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public static <T extends @Nullable Object> Task<T> createEagerTask(Coroutine<T> coroutine) {
        return createTask(coroutine, TaskOptions.EAGER);
    }

    /** As {@link #createEagerTask(Coroutine)}. The task is called {@code name}. */
    public static <T extends @Nullable Object> Task<T> createEagerTask(Coroutine<T> coroutine, String name) {
        return createTask(coroutine, TaskOptions.EAGER.withName(Objects.requireNonNull(name, "name")));
    }

    /**
     * Returns a factory that makes the tasks of a loop eager, for {@link EventLoop#setTaskFactory}. Corresponds to
     * {@code asyncio.eager_task_factory}.
     */
    public static TaskFactory eagerTaskFactory() {
        return EAGER;
    }

    /**
     * Returns {@code awaitable} itself if it is a future. Otherwise returns a new task of the loop that {@link #getEventLoop} returns. May
     * be called while no loop runs. Corresponds to {@code asyncio.ensure_future}.
     */
    public static <T extends @Nullable Object> Future<T> ensureFuture(Awaitable<T> awaitable) {
        Objects.requireNonNull(awaitable, "awaitable");
        return Futures.ensure(awaitable, Futures.loopOf(awaitable));
    }

    /** As {@link #wrapFuture}: returns a future with the outcome of {@code stage}. */
    public static <T extends @Nullable Object> Future<T> ensureFuture(CompletionStage<T> stage) {
        return wrapFuture(stage);
    }

    /** Returns the task that is running, or null in a callback. Corresponds to {@code asyncio.current_task}. */
    public static @Nullable Task<?> currentTask() {
        return getRunningLoop().current();
    }

    /** Returns the tasks of the running loop that are not done, the oldest first. Corresponds to {@code asyncio.all_tasks}. */
    public static Set<Task<?>> allTasks() {
        return allTasks(getRunningLoop());
    }

    /**
     * Returns the tasks of {@code loop} that are not done, the oldest first. Call it on the thread that runs the loop, or while none does.
     */
    public static Set<Task<?>> allTasks(EventLoop loop) {
        return loop.tasks.all();
    }

    // Combining

    /**
     * Runs all {@code awaitables} concurrently. Returns a future of their results, in the order of the arguments. If one fails, the future
     * fails with the first failure, and the others continue. Cancelling the future cancels them all. Corresponds to {@code asyncio.gather}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T extends @Nullable Object> Future<List<T>> gather(Awaitable<? extends T>... awaitables) {
        return Futures.gather(Arrays.asList(awaitables), false);
    }

    /**
     * As {@link #gather(Awaitable[])}, with the futures that {@link #wrapFuture} returns for the stages. For stages and coroutines together, and for collections of
     * stages, call {@code wrapFuture} for each stage.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T extends @Nullable Object> Future<List<T>> gather(
            CompletionStage<? extends T> first, CompletionStage<? extends T>... rest) {
        List<Future<? extends T>> futures = new ArrayList<>(rest.length + 1);
        futures.add(wrapFuture(first));
        for (CompletionStage<? extends T> stage : List.of(rest)) { // which has no null
            futures.add(wrapFuture(stage));
        }
        return Futures.gather(futures, false);
    }

    /** As {@link #gather(Awaitable[])}. The results have the order of the collection. */
    public static <T extends @Nullable Object> Future<List<T>> gather(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return Futures.gather(awaitables, false);
    }

    /**
     * Runs all {@code awaitables} concurrently, and waits for all of them even if some fail. The result is the list of their futures, in
     * the order of the arguments. Corresponds to {@code asyncio.gather(..., return_exceptions=True)}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T extends @Nullable Object> Future<List<Future<T>>> gatherSettled(
            Awaitable<? extends T>... awaitables) {
        return Futures.gather(Arrays.asList(awaitables), true);
    }

    /** As {@link #gatherSettled(Awaitable[])}. The futures have the order of the collection. */
    public static <T extends @Nullable Object> Future<List<Future<T>>> gatherSettled(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return Futures.gather(awaitables, true);
    }

    /** As {@link #wait(Collection, Duration, ReturnWhen)}, without a limit, until all futures are done. */
    @CheckReturnValue
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(Collection<F> futures) {
        return wait(futures, null, ReturnWhen.ALL_COMPLETED);
    }

    /** As {@link #wait(Collection, Duration, ReturnWhen)}, without a limit. */
    @CheckReturnValue
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(Collection<F> futures, ReturnWhen returnWhen) {
        return wait(futures, null, returnWhen);
    }

    /**
     * Waits for {@code futures} until the condition {@code returnWhen} holds, but for at most {@code timeout}; null means no limit. The
     * futures are not cancelled, and neither their failures nor a timeout is thrown. Awaiting the result throws an {@code
     * IllegalArgumentException} if there are no futures, or if one belongs to another loop. Call this method as {@code Asyncio.wait},
     * because {@code Object.wait} hides a static import. Corresponds to {@code asyncio.wait}.
     */
    @CheckReturnValue
    public static <F extends Future<?>> Coroutine<Waited<F>> wait(
            Collection<F> futures, @Nullable Duration timeout, ReturnWhen returnWhen) {
        Objects.requireNonNull(futures, "futures");
        Objects.requireNonNull(returnWhen, "returnWhen");
        return wait(new FutureWait<>(futures, timeout, returnWhen, Futures.DOORS));
    }

    @Async
    private static <F extends Future<?>> Coroutine<Waited<F>> wait(FutureWait<F> wait) {
        Future<@Nullable Void> enough = wait.begin(RunningLoop.get());
        try {
            await(enough);
        } finally {
            wait.end();
        }
        return Coroutine.of(wait.outcome());
    }

    /**
     * Awaits {@code awaitable} for at most {@code timeout}; null means no limit. At the deadline, {@code awaitable} is cancelled. Once it
     * has ended, a {@link TimeoutException} is thrown; if it ends with a result nevertheless, that result is returned. Corresponds to
     * {@code asyncio.wait_for}.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> waitFor(
            Awaitable<T> awaitable, @Nullable Duration timeout) {
        return waitFor(timeout, Objects.requireNonNull(awaitable, "awaitable"));
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> waitFor(
            @Nullable Duration timeout, Awaitable<T> awaitable) {
        if (timeout == null) {
            return Coroutine.of(await(awaitable));
        }
        long nanos = Seconds.toNanos(timeout);
        if (nanos > 0) {
            Timeout limit = Timeout.after(nanos);
            T result;
            try {
                result = await(awaitable);
            } catch (Throwable failure) {
                throw limit.failed(failure);
            }
            limit.exit(null);
            return Coroutine.of(result);
        }
        Future<T> future = Futures.ensure(awaitable, Futures.loopOf(awaitable));
        if (future.isDone()) {
            return Coroutine.of(await(future));
        }
        LateWait<T> wait = LateWait.begin(future, RunningLoop.get());
        try {
            await(wait.ended());
        } finally {
            wait.end();
        }
        return Coroutine.of(wait.result(nanos));
    }

    /** As {@link #waitFor(Awaitable, Duration)}, with the future that {@link #wrapFuture} returns. At the deadline, the stage is cancelled. */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> waitFor(
            CompletionStage<T> stage, @Nullable Duration timeout) {
        return waitFor(timeout, Objects.requireNonNull(stage, "stage"));
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> waitFor(
            @Nullable Duration timeout, CompletionStage<T> stage) {
        return Coroutine.of(await(waitFor(timeout, wrapFuture(stage))));
    }

    /**
     * Runs {@code body} in the awaiting task for at most {@code timeout}, measured from the await; null means no limit. At the deadline,
     * the task is cancelled. Once the body has ended with that {@link CancelledError}, a {@link TimeoutException} is thrown instead.
     * Corresponds to {@code async with asyncio.timeout(...)}.
     *
     * <p>If the body catches the error and returns a result, that is the result; {@link Timeout#expired} then returns true. If the task was
     * also cancelled for another reason, it stays cancelled. If the body ends with another failure, that failure is thrown. A {@code
     * CancelledError} among its causes and suppressed throwables, or among theirs, gets the {@code TimeoutException} as its cause.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> timeout(
            @Nullable Duration timeout, AsyncFunction<Timeout, T> body) {
        return timeout(Objects.requireNonNull(body, "body"), timeout);
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> timeout(
            AsyncFunction<Timeout, T> body, @Nullable Duration timeout) {
        Timeout limit = timeout == null ? Timeout.at(Timeout.NEVER) : Timeout.after(Seconds.toNanos(timeout));
        T result;
        try {
            result = await(body.apply(limit));
        } catch (Throwable failure) {
            throw limit.failed(failure);
        }
        limit.exit(null);
        return Coroutine.of(result);
    }

    /**
     * As {@link #timeout}, with the deadline {@code when}, in seconds of {@link EventLoop#time}. Infinity means no limit. Corresponds to
     * {@code asyncio.timeout_at}.
     *
     * @throws IllegalArgumentException if {@code when} is not a number
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> timeoutAt(double when, AsyncFunction<Timeout, T> body) {
        return timeoutAt(Seconds.toNanos(when), Objects.requireNonNull(body, "body"));
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> timeoutAt(long deadline, AsyncFunction<Timeout, T> body) {
        Timeout limit = Timeout.at(deadline);
        T result;
        try {
            result = await(body.apply(limit));
        } catch (Throwable failure) {
            throw limit.failed(failure);
        }
        limit.exit(null);
        return Coroutine.of(result);
    }

    /**
     * Runs {@code body} in the awaiting task, with a group in which the body creates tasks. When all tasks of the group are done, the
     * result is that of the body. The first failure of the body or of a task cancels all the others. Once they have ended, an {@link
     * ExceptionGroup} of all failures is thrown. Corresponds to {@code async with asyncio.TaskGroup()}.
     *
     * <p>A cancellation is not a failure. A task of the group that ends cancelled is ignored. Cancelling the awaiting task cancels the
     * group and throws a {@link CancelledError}. If there are failures too, their group is thrown instead, and the task is cancelled again
     * at its next {@code await} that has to wait. An {@link InterruptError}, {@link InternalError} or {@link UnknownError} is thrown
     * without a group.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> taskGroup(AsyncFunction<TaskGroup, T> body) {
        return taskGroup(TaskGroup::new, Objects.requireNonNull(body, "body"));
    }

    @Async
    @SuppressWarnings("NullAway") // the result is null only if that is a T: otherwise end has thrown
    private static <T extends @Nullable Object> Coroutine<T> taskGroup(
            Supplier<TaskGroup> begin, AsyncFunction<TaskGroup, T> body) {
        TaskGroup group = begin.get();
        T result = null;
        Throwable failure = null;
        try {
            result = await(body.apply(group));
        } catch (Throwable raised) {
            failure = raised;
        }
        group.exit(failure);
        for (Future<Void> tasks = group.completion(); tasks != null; tasks = group.completion()) {
            try {
                await(tasks);
            } catch (CancelledError error) { // which does not end the wait
                group.cancelled(error);
            }
        }
        group.end(failure);
        return Coroutine.of(result);
    }

    /** As {@link #asCompleted(Collection, Duration)}, without a limit. */
    public static <T extends @Nullable Object> Iterable<Coroutine<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables) {
        return asCompleted(awaitables, null);
    }

    /**
     * Runs all {@code awaitables} concurrently, and returns their outcomes in the order of completion: the first coroutine has the outcome
     * of the first awaitable that is done, and so on. There is one coroutine for each awaitable; duplicates count once. {@code timeout} is
     * measured from this call; null means no limit. Awaitables that are not done by then continue, and a coroutine throws a {@link
     * TimeoutException} for each of them. The result can be iterated only once. Corresponds to {@code asyncio.as_completed}.
     */
    public static <T extends @Nullable Object> Iterable<Coroutine<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables, @Nullable Duration timeout) {
        Objects.requireNonNull(awaitables, "awaitables");
        CompletionOrder<T> order = new CompletionOrder<>(
                awaitables, timeout, RunningLoop.orThreads(), Futures.DOORS, Asyncio::asCompleted);
        return () -> order;
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> asCompleted(CompletionOrder<T> order) {
        while (order.isNothingThere()) {
            Future<@Nullable Void> turn = order.enterLine();
            try {
                await(turn);
            } catch (Throwable failure) {
                order.leaveLine(turn);
                throw failure;
            }
        }
        return Coroutine.of(await(order.take())); // it is done, so that this does not suspend
    }

    /**
     * Protects {@code awaitable} from cancellation. Returns a future with the same outcome. Cancelling that future, or the task that awaits
     * it, does not cancel {@code awaitable}. Corresponds to {@code asyncio.shield}.
     */
    public static <T extends @Nullable Object> Future<T> shield(Awaitable<T> awaitable) {
        return Futures.shield(Objects.requireNonNull(awaitable, "awaitable"));
    }

    /** As {@link #shield(Awaitable)}, with the future that {@link #wrapFuture} returns. {@link #shared} does the same. */
    public static <T extends @Nullable Object> Future<T> shield(CompletionStage<T> stage) {
        return shared(stage);
    }

    // Sleeping

    /**
     * Waits for {@code seconds}, measured from the await. If {@code seconds} is 0 or negative, everything else that is ready runs once. The
     * result can be awaited any number of times. Corresponds to {@code asyncio.sleep}.
     *
     * @throws IllegalArgumentException if {@code seconds} is not a number
     */
    @CheckReturnValue
    public static Awaitable<Void> sleep(double seconds) {
        return sleepNanos(Seconds.toNanos(seconds));
    }

    /** As {@link #sleep(double)}. */
    @CheckReturnValue
    public static Awaitable<Void> sleep(Duration duration) {
        return sleepNanos(Seconds.toNanos(duration));
    }

    private static Awaitable<Void> sleepNanos(long nanos) {
        return Sleep.of(nanos);
    }

    /** As {@link #sleep(double)}. Awaiting it returns {@code result}. */
    @CheckReturnValue
    public static <T extends @Nullable Object> Awaitable<T> sleep(double seconds, T result) {
        return Sleep.of(Seconds.toNanos(seconds), result);
    }

    // Loops

    /**
     * Returns the loop that runs on this thread. Corresponds to {@code asyncio.get_running_loop}.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public static EventLoop getRunningLoop() {
        return RunningLoop.get();
    }

    /**
     * Returns the loop that runs on this thread. If none does, returns the loop of the thread, which was set by {@link #setEventLoop} or is
     * created by the first call. Corresponds to {@code asyncio.get_event_loop}.
     */
    public static EventLoop getEventLoop() {
        return RunningLoop.orThreads();
    }

    /** Creates a loop. May be called on any thread. Corresponds to {@code asyncio.new_event_loop}. */
    public static EventLoop newEventLoop() {
        return EventLoop.create();
    }

    /** Sets the loop of this thread; null for none. Corresponds to {@code asyncio.set_event_loop}. */
    public static void setEventLoop(@Nullable EventLoop loop) {
        RunningLoop.set(loop);
    }

    // Threads

    /**
     * Calls {@code callable} on another thread when the result is awaited, in a copy of the current context. Use it for code that blocks;
     * see {@link EventLoop#runInExecutor}. Corresponds to {@code asyncio.to_thread}.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Awaitable<T> toThread(Callable<T> callable) {
        return toThread(null, Objects.requireNonNull(callable, "callable"));
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> toThread(
            @Nullable Executor executor, Callable<T> callable) {
        return Coroutine.of(await(RunningLoop.get().runInExecutor(executor, callable)));
    }

    /**
     * Creates a task that runs {@code coroutine} in {@code loop}, which another thread runs. Cancelling the result cancels the task. May be
     * called on any thread, but blocking on the result on the loop's own thread would wait forever. Corresponds to
     * {@code asyncio.run_coroutine_threadsafe}.
     *
     * @throws IllegalStateException if {@code loop} is closed; the coroutine then never runs
     */
    public static <T extends @Nullable Object> CompletableFuture<T> runCoroutineThreadsafe(
            Coroutine<T> coroutine, EventLoop loop) {
        Objects.requireNonNull(coroutine, "coroutine");
        return Outcomes.submit(coroutine, loop);
    }
}
