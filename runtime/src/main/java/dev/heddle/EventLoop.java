// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import static dev.heddle.Asyncio.await;

import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.frames.Chain;
import dev.heddle.internal.loop.Clock;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.ReadyQueue;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.loop.SystemClock;
import dev.heddle.internal.loop.TimerHeap;
import dev.heddle.internal.loop.Views;
import dev.heddle.internal.loop.VirtualClock;
import dev.heddle.internal.report.Creations;
import dev.heddle.internal.report.ErrorReports;
import dev.heddle.internal.report.LostCoroutines;
import dev.heddle.internal.report.Throwables;
import dev.heddle.internal.report.UnretrievedFailures;
import dev.heddle.internal.threads.DefaultExecutor;
import dev.heddle.internal.threads.Signals;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks and callbacks one after the other on one thread, in the order in which they become ready. Most programs use {@link
 * Asyncio#run} or a {@link Runner} instead of creating a loop.
 *
 * <p>Only the thread that runs the loop uses it; while it does not run, one thread at a time may use it. {@link
 * #callSoonThreadsafe(Runnable)}, {@link #execute}, {@link #createFuture}, {@link #shutdownDefaultExecutor}, the getters, {@link
 * #isClosed}, {@link #time} and the methods for debug mode are thread-safe. While the loop runs, every other method throws an {@code
 * IllegalStateException} on any other thread and changes nothing. The message names {@link #callSoonThreadsafe(Runnable)} and {@link
 * Asyncio#runCoroutineThreadsafe}.
 *
 * <p>When the thread is interrupted, an {@link InterruptError} leaves the loop at the end of an iteration. An idle loop reacts immediately.
 * A busy loop reacts at the latest in the iteration that runs its 256th further step. Corresponds to the event loop of {@code asyncio}.
 *
 * @see Asyncio#run
 */
public final class EventLoop extends ContextHolder implements Executor, AutoCloseable {

    /** The number of loops created in this process. It distinguishes loops in messages. Incremented by any thread. */
    private static final AtomicLong MADE = new AtomicLong();

    static {
        LoopAccess.open(loop -> ((EventLoop) loop).core);
        EndOfStack.load();
    }

    final LoopHooks hooks = new LoopHooks(this);
    final LoopCore core;
    final ReadyQueue<Step> ready;
    final TimerHeap timers;
    final Clock clock;
    final TaskRegistry tasks = new TaskRegistry(this);
    final Chain chain = new Chain(this, () -> Task.begun(current()));
    final Creations creations = new Creations();
    final ErrorReports<EventLoop> errors = new ErrorReports<>(this, creations, LoopHooks::callInContext);
    final UnretrievedFailures unretrieved;
    final UnretrievedFailures.Remains plainRemains = new Future.PlainRemains(this);
    final LostCoroutines lost = new LostCoroutines(chain.unawaited, errors);
    final DefaultExecutor executor = new DefaultExecutor(this);
    final Views views = new Views();
    final TaskMaker maker = new TaskMaker(this);

    /** Set by any thread at any time. The loop's thread sees the change some time later. */
    volatile boolean debug;

    /** Written once, by the thread that closes the loop, read by all. */
    private volatile boolean closed;

    private final long number = MADE.incrementAndGet();

    /** Creates a loop whose timers follow {@code clock}. {@code stopwatch} measures busy and idle time. */
    EventLoop(Clock clock, Clock stopwatch) {
        this.core = new LoopCore(hooks, clock, stopwatch);
        this.ready = core.ready;
        this.timers = core.timers;
        this.clock = core.clock;
        this.unretrieved = new UnretrievedFailures(clock, this::getDebug, creations, errors);
        setDebug(Boolean.getBoolean("heddle.debug"));
    }

    /** Creates a loop that does not run yet. */
    public static EventLoop create() {
        return new EventLoop(SystemClock.INSTANCE, SystemClock.INSTANCE);
    }

    /**
     * Creates a loop for tests, in virtual time. {@link #time} starts at 0 and passes only when nothing is ready; then it jumps to the next
     * timer. While a call in an executor or an awaited {@code CompletionStage} of another party is outstanding, time passes as fast as real
     * time; see {@link #jumpAfterIdle}. If nothing can complete the awaitable of {@link #runUntilComplete} any more, that method throws an
     * {@code IllegalStateException} that lists the waiting tasks.
     */
    public static EventLoop virtualTime() {
        return new EventLoop(new VirtualClock(), SystemClock.INSTANCE);
    }

    /** Creates a loop that does not run yet, and that sleeps in {@code poller}. Channels of the loop are watched by another thread. */
    public static EventLoop create(Poller poller) {
        EventLoop loop = create();
        loop.core.pollIn(Seams.polling(poller));
        return loop;
    }

    /**
     * Creates a loop that runs on the thread of {@code host}, as a guest of that loop: in a framework's event loop, for example. It runs whenever it has
     * something to do, for at most half a millisecond at a time, and asks nothing of the host while it has not.
     *
     * <p>Code on the host's thread may use the loop at once, also outside its turns: {@code loop.createTask(work())} in a handler of the framework. {@link
     * Asyncio#createTask} and the other functions of {@link Asyncio} need the running loop, and so work in the loop's tasks and callbacks only. On every
     * other thread, only the thread-safe methods may be used, such as {@link #callSoonThreadsafe(Runnable)} and {@link
     * Asyncio#runCoroutineThreadsafe}.
     *
     * <p>The methods that run a loop, and {@link #stop}, throw an {@code IllegalStateException}, because the host runs this one. {@link #close} is called on the host's
     * thread, outside the loop's turns. While a step of the loop runs the host's loop inside it, as a modal dialog does, the loop's other steps wait. Channels are
     * watched by another thread, which sends their events: a channel of the host's own is faster.
     */
    public static EventLoop guestOf(Host host) {
        EventLoop loop = create();
        loop.core.beGuest(Seams.turns(host));
        return loop;
    }

    // Running

    /**
     * Runs this loop until {@code awaitable} is done, and returns its result. Unless {@code awaitable} is a future, a task is created for
     * it. Everything else that is scheduled also runs until then, and continues in the next run. If {@code awaitable} fails, its throwable
     * propagates as it is, even a checked exception.
     *
     * @throws IllegalStateException if this loop is closed or running, another loop runs on this thread, or {@link #stop} was called before
     *     {@code awaitable} was done
     * @throws CancelledError if {@code awaitable} was cancelled
     */
    public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> awaitable) {
        RunningLoop.requireRunnable(this, Objects.requireNonNull(awaitable, "awaitable"));
        Future<T> future = maker.ensure(awaitable);
        boolean own = future != awaitable; // only this run has a reference to the task
        if (own) {
            ((Task<T>) future).mayStayPending = true;
        }
        boolean[] over = {false}; // then the callback may already be scheduled, and would stop the next run
        Consumer<Future<T>> stop = done -> {
            // A failure that leaves the loop ends this run by itself, so that a stop would end the next one.
            if (!over[0] && (done.outcome() != Future.FAILED || !Throwables.leavesLoop(done.failureSeen()))) {
                done.loop.stop();
            }
        };
        future.addDoneCallback(stop);
        try {
            core.run(LoopCore.Until.COMPLETE);
        } catch (Throwable failure) {
            if (own) {
                future.markRetrieved();
            }
            throw failure;
        } finally {
            over[0] = true;
            future.removeDoneCallback(stop);
        }
        if (!future.isDone()) {
            throw new IllegalStateException("Event loop stopped before Future completed.");
        }
        return future.result();
    }

    /**
     * As {@link #runUntilComplete(Awaitable)}, with the coroutine that {@code body} returns. {@code body} is called in the loop. Throwables
     * of {@code body} propagate as they are, even checked exceptions.
     *
     * @throws IllegalStateException as {@link #runUntilComplete(Awaitable)} does
     */
    public <T extends @Nullable Object> T runUntilComplete(AsyncSupplier<T> body) {
        Objects.requireNonNull(body, "body");
        return runUntilComplete(runUntilComplete(Sneaky.unchecked(body::get)));
    }

    @Async
    private static <T extends @Nullable Object> Coroutine<T> runUntilComplete(Supplier<Coroutine<T>> body) {
        return Coroutine.of(await(body.get()));
    }

    /**
     * Runs this loop until {@link #stop} is called.
     *
     * @throws IllegalStateException if this loop is closed or running, or another loop runs on this thread
     * @throws InterruptError if the thread is interrupted
     */
    public void runForever() {
        RunningLoop.requireRunnable(this, null);
        core.run(LoopCore.Until.STOPPED);
    }

    /**
     * Runs this loop until it is idle, for tests. The loop is idle when nothing is ready, no timer is due within {@code limit}, and neither
     * a call in an executor nor an awaited {@code CompletionStage} is outstanding. The run also ends after {@code limit}. With {@link
     * Duration#ZERO}, everything that is ready runs until it has to wait, and no time passes.
     *
     * @throws IllegalStateException if this loop is closed or running, or another loop runs on this thread
     */
    public void runUntilIdle(Duration limit) {
        RunningLoop.requireRunnable(this, null);
        core.setHorizon(Seconds.sum(clock.nanos(), Math.max(0, Seconds.toNanos(limit))));
        core.run(LoopCore.Until.IDLE);
    }

    /**
     * Sets how virtual time passes while an external call or stage is outstanding: it jumps to the next timer after the loop has been idle
     * for {@code idle} of real time, instead of passing as fast as real time.
     */
    public void jumpAfterIdle(Duration idle) {
        checkThread();
        core.outside.jumpAfter(Seconds.toNanos(idle));
    }

    /** Describes the external work that this loop waits for, for example {@code "one call in an executor is outstanding"}. May be empty. */
    public String describeOutstanding() {
        return core.outside.describe();
    }

    /** Ends the run of this loop after the current iteration. If the loop does not run, its next run ends after one iteration. */
    public void stop() {
        checkThread();
        if (core.isGuest()) {
            throw new IllegalStateException("Cannot stop " + this + ": its host runs it; close it instead");
        }
        core.stop();
    }

    /** Whether a thread runs this loop. For a guest, whether one of its turns runs. */
    public boolean isRunning() {
        return core.isRunning();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Closes this loop. Everything that is scheduled is dropped, and the loop accepts no more work. Unretrieved failures are reported.
     * Calls in the default executor are not awaited. Idempotent.
     *
     * @throws IllegalStateException if this loop is running, or is a guest and another thread is its host's
     */
    @Override
    public void close() {
        if (core.isGuest()) {
            checkThread();
        }
        if (isRunning()) {
            throw new IllegalStateException("Cannot close a running event loop: " + this);
        }
        if (closed) {
            return;
        }
        closed = true;
        try {
            tasks.reportPending();
            lost.reportAll();
        } finally { // even if the exception handler throws
            try {
                hooks.drop(closedError());
            } finally { // even if a channel cannot be closed
                executor.shutDownNow();
                chain.unawaited.watchForTest(false);
            }
        }
        unretrieved.reportAll();
    }

    // Scheduling

    /**
     * Calls {@code callback} in the next iteration, after everything that was scheduled before.
     *
     * @throws IllegalStateException if this loop is closed
     */
    public Handle callSoon(Runnable callback) {
        return callSoonIn(callback, Context.capture());
    }

    /** As {@link #callSoon(Runnable)}, in {@code context}. */
    public Handle callSoon(Runnable callback, Context context) {
        return callSoonIn(callback, Objects.requireNonNull(context, "context"));
    }

    /**
     * Calls {@code callback} on the loop's thread as soon as possible, and wakes the loop if it is idle. Thread-safe. On the loop's own
     * thread, this is the same as {@link #callSoon(Runnable)}.
     *
     * <p>The callbacks of one thread run in the order in which they were sent. An iteration takes at most 256 callbacks of other threads,
     * so that a burst of them delays neither timers nor tasks; in asyncio it takes all. Callbacks that were sent while the loop did not run
     * are all taken when it starts.
     *
     * @throws IllegalStateException if this loop is closed
     */
    public Handle callSoonThreadsafe(Runnable callback) {
        return callSoonThreadsafeIn(callback, Context.capture());
    }

    /** As {@link #callSoonThreadsafe(Runnable)}, in {@code context}. */
    public Handle callSoonThreadsafe(Runnable callback, Context context) {
        return callSoonThreadsafeIn(callback, Objects.requireNonNull(context, "context"));
    }

    /**
     * As {@link #callSoonThreadsafe(Runnable)}. This method makes the loop an {@link Executor}.
     *
     * @throws RejectedExecutionException if this loop is closed
     */
    @Override
    public void execute(Runnable callback) {
        if (!core.send(handle(callback, Context.capture()))) {
            throw new RejectedExecutionException(closedError().getMessage());
        }
    }

    /**
     * Calls {@code callback} after {@code seconds}. A negative number is a deadline in the past. Callbacks with the same deadline run in
     * the order in which they were scheduled; asyncio does not define their order.
     *
     * @throws IllegalStateException if this loop is closed
     * @throws IllegalArgumentException if {@code seconds} is not a number
     */
    public TimerHandle callLater(double seconds, Runnable callback) {
        return callLaterIn(Seconds.toNanos(seconds), callback, Context.capture());
    }

    /** As {@link #callLater(double, Runnable)}, in {@code context}. */
    public TimerHandle callLater(double seconds, Runnable callback, Context context) {
        return callLaterIn(Seconds.toNanos(seconds), callback, Objects.requireNonNull(context, "context"));
    }

    /**
     * Calls {@code callback} when {@link #time} reaches {@code when}, as {@link #callLater(double, Runnable)} does.
     *
     * @throws IllegalStateException if this loop is closed
     * @throws IllegalArgumentException if {@code when} is not a number
     */
    public TimerHandle callAt(double when, Runnable callback) {
        return callAtIn(Seconds.toNanos(when), callback, Context.capture());
    }

    /** As {@link #callAt(double, Runnable)}, in {@code context}. */
    public TimerHandle callAt(double when, Runnable callback, Context context) {
        return callAtIn(Seconds.toNanos(when), callback, Objects.requireNonNull(context, "context"));
    }

    /** Calls {@code callback}, a callback of the library, on the loop's thread, unless this loop is closed. Thread-safe. */
    void post(Runnable callback) {
        core.send(new Handle(this, callback, null));
    }

    /** As {@link #callSoon(Runnable)}, in {@code context}; null means an empty context. */
    Handle callSoonIn(Runnable callback, @Nullable Context context) {
        requireOpen();
        core.requireThread(); // callbacks that other threads sent before are scheduled first
        Handle handle = handle(callback, context);
        ready.add(handle);
        return handle;
    }

    private Handle callSoonThreadsafeIn(Runnable callback, @Nullable Context context) {
        Handle handle = handle(callback, context);
        if (!core.send(handle)) {
            throw closedError();
        }
        return handle;
    }

    private Handle handle(Runnable callback, @Nullable Context context) {
        return new Handle(this, Objects.requireNonNull(callback, "callback"), context);
    }

    /** Calls {@code callback} after {@code nanos} nanoseconds, in {@code context}, null for an empty one. */
    TimerHandle callLaterIn(long nanos, Runnable callback, @Nullable Context context) {
        return callAtIn(Seconds.sum(clock.nanos(), nanos), callback, context);
    }

    /** Calls {@code callback} when the clock reaches {@code deadline} nanoseconds, in {@code context}; null means an empty context. */
    TimerHandle callAtIn(long deadline, Runnable callback, @Nullable Context context) {
        requireOpen();
        checkThread();
        TimerHandle handle = new TimerHandle(this, deadline, Objects.requireNonNull(callback, "callback"), context);
        core.arm(handle, deadline);
        return handle;
    }

    /** Returns the time in seconds since an arbitrary origin. It never goes back. Thread-safe. */
    public double time() {
        return Seconds.ofNanos(clock.nanos());
    }

    /**
     * Calls {@code handler} on the loop's thread whenever this process receives the signal {@code name}, {@code "SIGHUP"} for example. A process has one handler for each
     * signal: this one replaces every other, that of the JVM too, so that {@code SIGTERM} and {@code SIGINT} no longer end the program. A {@code SIGHUP}, {@code SIGINT} or
     * {@code SIGTERM} that the process ignores since its start, as under {@code nohup}, stays ignored. Several signals may arrive as one. Closing this loop restores what was there before.
     *
     * @throws IllegalArgumentException if there is no such signal
     * @throws IllegalStateException if the JVM keeps the signal for itself ({@code SIGQUIT}, {@code SIGSEGV}, others with {@code -Xrs}), or the system allows no handler
     */
    public void addSignalHandler(String name, Runnable handler) {
        requireOpen();
        checkThread();
        Objects.requireNonNull(handler, "handler");
        Context context = Context.capture();
        Signals.of(core).handle(name, () -> core.send(handle(handler, context)));
    }

    /** Undoes {@link #addSignalHandler}, and returns whether this loop had a handler. If not, nothing happens. */
    public boolean removeSignalHandler(String name) {
        checkThread();
        return Signals.of(core).restore(name);
    }

    // Making tasks and futures

    /**
     * Creates a task that runs {@code coroutine}. It begins in the next iteration.
     *
     * @throws IllegalStateException if this loop is closed; the coroutine then never runs
     */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
        return maker.make(coroutine, null, null, null);
    }

    /** As {@link #createTask(Coroutine)}. The task is called {@code name}; if that is null, the loop chooses a name. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name) {
        return maker.make(coroutine, name, null, null);
    }

    /** As {@link #createTask(Coroutine)}, with the coroutine that {@code body} returns. {@code body} is called now; the coroutine begins later. */
    public <T extends @Nullable Object> Task<T> createTask(AsyncSupplier<T> body) {
        return createTask(body, null);
    }

    /** As {@link #createTask(AsyncSupplier)}. The task is called {@code name}; if that is null, the loop chooses a name. */
    public <T extends @Nullable Object> Task<T> createTask(AsyncSupplier<T> body, @Nullable String name) {
        return createTask(Sneaky.unchecked(body::get).get(), name);
    }

    /**
     * Calls {@code body} in this loop, and runs the coroutine that it returns as a task. May be called on any thread, the loop's own too, and before the loop
     * runs. Cancelling the result cancels the task. A failure of {@code body} is that of the result. Do not block on the result on the loop's own thread: that would
     * wait forever. Corresponds to {@code asyncio.run_coroutine_threadsafe}.
     *
     * @throws IllegalStateException if this loop is closed; {@code body} is not called then
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(AsyncSupplier<T> body) {
        return Outcomes.submit(Objects.requireNonNull(body, "body"), this);
    }

    /** As {@link #createTask(Coroutine)}. The task runs in {@code context} itself, not in a copy. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, Context context) {
        return maker.make(coroutine, null, Objects.requireNonNull(context, "context"), null);
    }

    /** As {@link #createTask(Coroutine)}, with {@code options}. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options) {
        return maker.make(coroutine, options.name(), options.context(), options.eagerStart());
    }

    /**
     * Sets the factory of the tasks of this loop; null for {@link Task#of}. It also creates the tasks of coroutines that are passed to
     * {@code gather} and similar functions.
     */
    public void setTaskFactory(@Nullable TaskFactory factory) {
        checkThread();
        maker.factory = factory;
    }

    /** Returns the factory of the tasks of this loop; null for {@link Task#of}. */
    public @Nullable TaskFactory getTaskFactory() {
        return maker.factory;
    }

    /** Creates a pending future, to be completed with {@link Future#setResult} or {@link Future#setException}. */
    public <T extends @Nullable Object> Future<T> createFuture() {
        return new Future<>(this);
    }

    /**
     * Calls {@code callable} in {@code executor}, or in the default executor if that is null. The default executor uses virtual threads, or
     * before Java 21 a pool of daemon threads. The call runs in a copy of the current context, unlike in asyncio. Cancelling the future
     * drops the call if it has not begun; otherwise the call continues, and its result is lost.
     *
     * @throws IllegalStateException if this loop is closed, or the default executor is shut down
     * @throws RejectedExecutionException if {@code executor} throws it
     */
    public <T extends @Nullable Object> Future<T> runInExecutor(@Nullable Executor executor, Callable<T> callable) {
        Objects.requireNonNull(callable, "callable");
        requireOpen();
        checkThread();
        Context context = Context.copyCurrent();
        return ExternalFuture.of(() -> context.run(callable), executor == null ? this.executor.get() : executor, this);
    }

    /**
     * Sets the executor that {@link #runInExecutor} uses by default. {@link #shutdownDefaultExecutor} and {@link #close} shut it down.
     *
     * @throws IllegalStateException if this loop is closed
     */
    public void setDefaultExecutor(ExecutorService service) {
        requireOpen();
        checkThread();
        executor.set(Objects.requireNonNull(service, "service"));
    }

    /**
     * Shuts down the default executor and waits until its calls have ended, for at most {@code limit} of real time; null means no limit. After the
     * limit a warning is logged, and the remaining calls continue. The default executor refuses calls as soon as the coroutine begins.
     */
    @Async
    @CheckReturnValue
    public Coroutine<Void> shutdownDefaultExecutor(@Nullable Duration limit) {
        Callable<Boolean> wait = executor.shutDown(limit);
        if (wait != null) {
            boolean over = await(ExternalFuture.of(wait, DefaultExecutor::inDaemon, this));
            if (!over && limit != null) {
                executor.warnOfCallsAfter(limit);
            }
        }
        return Coroutine.done();
    }

    // Errors and debugging

    /**
     * Sets the handler of failures that no code can catch. Null restores the default: the {@link System.Logger} {@code dev.heddle} logs
     * them at level {@code ERROR}. The map contains a {@code message}, usually an {@code exception}, and the handle, future or task that
     * failed. In debug mode it also contains a {@code source_traceback}, the stack where that object was created.
     *
     * <p>If a task or future fails and its failure is never retrieved, the failure is reported when the future becomes unreachable, at the
     * latest when the loop is closed or 30 seconds have passed; see {@link #setUnretrievedFailureDelay}. asyncio reports it when the future
     * has been collected. If the original has been collected, the {@code future} of the report is a copy. The handler runs in the context
     * of the future. Tasks that are pending when the loop is closed are reported as well; asyncio reports pending tasks that are collected.
     */
    public void setExceptionHandler(@Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler) {
        checkThread();
        errors.setHandler(handler);
    }

    /** Returns the handler that was set with {@link #setExceptionHandler}; null for the default. */
    public @Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> getExceptionHandler() {
        return errors.handler();
    }

    /**
     * Sets after how many seconds of {@link #time} an unretrieved failure is reported even if its future is still reachable. The default is
     * 30, and 1 in debug mode. With {@link Double#POSITIVE_INFINITY}, such failures are reported when this loop is closed, independently of
     * the garbage collector. {@link dev.heddle.testing.TestLoop} uses that.
     */
    public void setUnretrievedFailureDelay(double seconds) {
        checkThread();
        unretrieved.setDelay(Math.max(0, Seconds.toNanos(seconds)));
    }

    /** Returns after how many seconds an unretrieved failure is reported, see {@link #setUnretrievedFailureDelay}. */
    public double getUnretrievedFailureDelay() {
        return unretrieved.delay() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : Seconds.ofNanos(unretrieved.delay());
    }

    /**
     * Calls the exception handler with {@code context}, see {@link #setExceptionHandler}. If the handler throws, the exception is logged.
     */
    public void callExceptionHandler(Map<String, Object> context) {
        checkThread();
        errors.call(Objects.requireNonNull(context, "context"));
    }

    /**
     * Turns debug mode on or off. In debug mode, slow callbacks are logged as warnings, and reports say where the reported objects were
     * created. Coroutines and other awaitables that were never awaited are reported when they have been collected or this loop is closed.
     */
    public void setDebug(boolean debug) {
        this.debug = debug;
        core.slowSteps.update();
        chain.unawaited.watch(debug);
    }

    /** Sets whether awaitables that were never awaited are reported outside debug mode too, with one line each. For tests. */
    public void setReportUnawaited(boolean report) {
        checkThread();
        chain.unawaited.watchForTest(report);
    }

    /** Whether debug mode is on. Initially it is on if the system property {@code heddle.debug} is {@code true}. */
    public boolean getDebug() {
        return debug;
    }

    /** Returns how many seconds a callback or a step of a task may take in debug mode without a warning. The default is 0.1. */
    public double getSlowCallbackDuration() {
        return Seconds.ofNanos(core.slowSteps.limit());
    }

    /** Sets how many seconds a callback or a step of a task may take in debug mode without a warning. */
    public void setSlowCallbackDuration(double seconds) {
        core.slowSteps.setLimit(Seconds.toNanos(seconds));
    }

    /** Returns the running task, or null in a callback. Between two steps, where no program code runs, it may return the last task. */
    @Nullable
    Task<?> current() {
        return maker.eager == null && ready.taken() instanceof Task<?> task ? task : maker.eager;
    }

    @Override
    @Nullable
    Context contextOfTask() {
        Task<?> task = current();
        return task == null ? null : task.contextOrNull();
    }

    @Override
    @Nullable
    Context makeContextOfTask() {
        Task<?> task = current();
        return task == null ? null : task.context();
    }

    @Override
    void reportFailure(String message, Throwable failure, String key, Object subject) {
        errors.report(message, failure, key, subject);
    }

    // Checks

    void requireOpen() {
        if (closed) {
            throw closedError();
        }
    }

    /** Returns the exception for those to whom this loop gives no more work. */
    IllegalStateException closedError() {
        IllegalStateException hostIsGone = closed ? null : core.refusedByHost();
        return hostIsGone == null ? new IllegalStateException("Event loop is closed: " + this) : hostIsGone;
    }

    /** Throws if another thread runs this loop. Every method by which the program uses the loop or its objects calls this first. */
    void checkThread() {
        if (core.isOnOtherThread()) {
            throw RunningLoop.wrongThread(this);
        }
    }

    @Override
    public String toString() {
        String condition = closed ? "closed" : isRunning() ? "running" : "idle";
        return "<EventLoop " + number + " " + condition + (core.isGuest() ? " guest>" : ">");
    }
}
