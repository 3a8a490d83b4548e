package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.internal.loop.Clock;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.ReadyQueue;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.loop.SystemClock;
import dev.heddle.internal.loop.TimerHeap;
import dev.heddle.internal.loop.VirtualClock;
import dev.heddle.woven.Chain;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks and callbacks, one after the other on one thread, Python's {@code asyncio} event loop. The first to be ready runs first.
 *
 * <p>A loop is used by the thread that runs it, and while it does not run by one thread at a time. {@link #callSoonThreadsafe(Runnable)},
 * {@link #execute}, {@link #createFuture}, {@link #shutdownDefaultExecutor}, the getters, {@link #isClosed}, {@link
 * #time}, and the methods for debug mode may be called on any thread. While the loop runs, every other method throws an {@code
 * IllegalStateException} on another thread, which names {@link #callSoonThreadsafe(Runnable)} and {@link Asyncio#runCoroutineThreadsafe}, and changes nothing.
 *
 * <p>Interrupting the thread leaves the loop with an {@link InterruptError}, at the end of a turn: at once if the loop has nothing to do, and
 * if it is busy of the one in which it has run 256 steps more at most.
 *
 * @see Asyncio#run
 */
public final class EventLoop implements Executor, AutoCloseable {

    /** For {@link #runUntilComplete(AsyncSupplier)}. */
    private static final NativeFrame.Native SUPPLIED = new NativeFrame.Native(EventLoop.class, "runUntilComplete");

    private static final long DEFAULT_SLOW_CALLBACK_NANOS = 100_000_000;

    /** How many loops were made in this process, to tell them apart in messages. Counted up by any thread. */
    private static final AtomicLong MADE = new AtomicLong();

    final LoopHooks hooks = new LoopHooks(this);
    final LoopCore core;
    final ReadyQueue<Step> ready;
    final TimerHeap timers;
    final Clock clock;
    final TaskRegistry tasks = new TaskRegistry(this);
    final Chain chain = new Chain(this, () -> Task.begun(current()));
    final Creations creations = new Creations();
    final ErrorReports errors = new ErrorReports(this);
    final UnretrievedFailures unretrieved = new UnretrievedFailures(this);
    final LostWork lost = new LostWork(this);
    final DefaultExecutor executor = new DefaultExecutor(this);
    final Views views = new Views();
    final TaskMaker maker = new TaskMaker(this);
    final Observation observation = new Observation(this);

    /** The context of a callback, or one that was entered; null for an empty one that nobody has asked for, and that of a task. */
    @Nullable
    Context context;

    /** Set at any time by any thread, seen by the loop's thread some time later. */
    volatile boolean debug;

    volatile long slowCallbackNanos = DEFAULT_SLOW_CALLBACK_NANOS;

    /** Written once, by the thread that closes the loop, read by all. */
    private volatile boolean closed;

    private final long number = MADE.incrementAndGet();

    /** Makes a loop whose timers follow {@code clock}; {@code stopwatch} measures how long it is busy and idle. */
    EventLoop(Clock clock, Clock stopwatch) {
        this.core = new LoopCore(hooks, clock, stopwatch);
        this.ready = core.ready;
        this.timers = core.timers;
        this.clock = core.clock;
        setDebug(Boolean.getBoolean("heddle.debug"));
    }

    /** Makes a loop that does not run yet. */
    public static EventLoop create() {
        return new EventLoop(SystemClock.INSTANCE, SystemClock.INSTANCE);
    }

    /**
     * Makes a loop for tests, whose {@link #time} starts at 0 and passes only when nothing is ready: then it jumps to the next timer.
     * While a call in an executor is outstanding, or an awaited {@code CompletionStage} that this loop does not complete itself, time passes
     * as fast as real time; see {@link #jumpAfterIdle}. When nothing is left that could complete what {@link #runUntilComplete} waits for, that
     * throws an {@code IllegalStateException} which says what waits.
     */
    public static EventLoop virtualTime() {
        return new EventLoop(new VirtualClock(), SystemClock.INSTANCE);
    }

    // Running

    /**
     * Runs this loop until {@code awaitable} is done, a task being made of it unless it is a future, and returns its result.
     * Everything else that is scheduled runs on in between, and waits for the next run afterwards.
     *
     * @throws IllegalStateException if this loop is closed or runs, another loop runs on this thread, or {@link #stop} was called before
     *     {@code awaitable} was done
     * @throws CancelledError if {@code awaitable} was cancelled; any other throwable if it failed with it, checked ones too
     */
    public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> awaitable) {
        return new CompletionRun<>(this, awaitable).run();
    }

    /**
     * As {@link #runUntilComplete(Awaitable)} of the coroutine that {@code body} makes, which is called in the loop.
     *
     * @throws IllegalStateException as there; any throwable that {@code body} throws, checked ones too
     */
    public <T extends @Nullable Object> T runUntilComplete(AsyncSupplier<T> body) {
        return runUntilComplete(new SuppliedFrame<>(SUPPLIED, body));
    }

    /**
     * Runs this loop until {@link #stop}.
     *
     * @throws IllegalStateException if this loop is closed or runs, or another loop runs on this thread
     * @throws InterruptError if the thread is interrupted, see above
     */
    public void runForever() {
        RunningLoop.requireRunnable(this, null);
        core.run(LoopCore.Until.STOPPED);
    }

    /**
     * Runs this loop until nothing is ready, no timer will be due within {@code limit}, and no call in an executor and no awaited
     * {@code CompletionStage} is outstanding; or until {@code limit} is over. With {@link Duration#ZERO} what is ready runs to where it has
     * to wait, and no time passes. For tests, which then look at what has happened.
     *
     * @throws IllegalStateException if this loop is closed or runs, or another loop runs on this thread
     */
    public void runUntilIdle(Duration limit) {
        RunningLoop.requireRunnable(this, null);
        core.setHorizon(Seconds.sum(clock.nanos(), Math.max(0, Seconds.toNanos(limit))));
        core.run(LoopCore.Until.IDLE);
    }

    /** While a call or a stage of somebody else is outstanding, lets virtual time jump after {@code idle} of real time, not pass. */
    public void jumpAfterIdle(Duration idle) {
        checkThread();
        core.outside.jumpAfter(Seconds.toNanos(idle));
    }

    /** The work of others that this loop waits for, in words, as {@code "one call in an executor is outstanding"}; empty if nothing. */
    public String describeOutstanding() {
        return core.outside.describe();
    }

    /** Ends the run of this loop after the present turn, or after one turn if it does not run. */
    public void stop() {
        checkThread();
        core.stop();
    }

    /** Whether a thread runs this loop. */
    public boolean isRunning() {
        return core.isRunning();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Drops what is scheduled, and refuses to do anything from now on. Failures that nobody has looked at are reported; calls in the
     * default executor are not waited for. Closing again does nothing.
     *
     * @throws IllegalStateException if this loop runs
     */
    @Override
    public void close() {
        if (isRunning()) {
            throw new IllegalStateException("Cannot close a running event loop: " + this);
        }
        if (closed) {
            return;
        }
        closed = true;
        try {
            lost.reportAll();
        } finally { // whatever the exception handler throws
            drop(closedError());
            executor.shutDownNow();
            chain.unawaited.watchForTest(false);
        }
        unretrieved.reportAll();
    }

    /** Drops everything that is queued or waits, for the reason {@code reason}. */
    private void drop(IllegalStateException reason) {
        core.refuse(reason);
        Set<Task<?>> pending = tasks.all();
        core.dropReady(reason);
        for (Task<?> task : pending) {
            task.dropWaiters(reason);
        }
        views.drop(reason);
        core.close();
    }

    // Scheduling

    /**
     * Calls {@code callback} in the next turn, after what was scheduled before.
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
     * Calls {@code callback} on the loop's thread as soon as possible, and wakes the loop if it waits. May be called on any thread. What one thread
     * sends runs in the order in which it was sent. While the loop runs, a turn takes at most 256 callbacks of other threads, so that a burst of them
     * holds up neither timers nor tasks; in asyncio it takes all. What was sent before the loop runs is taken at once when it begins to. On the loop's own thread this is {@link #callSoon(Runnable)}.
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
     * As {@link #callSoonThreadsafe(Runnable)}, which makes this loop an executor.
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
     * Calls {@code callback} after {@code seconds}, of which a negative number is in the past. Callbacks with the same deadline run in the
     * order in which they were scheduled, which asyncio leaves open.
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

    /** For the library's own callbacks, which look at no variable. */
    TimerHandle callLaterNanos(long nanos, Runnable callback) {
        return callLaterIn(nanos, callback, null);
    }

    /** Calls {@code callback} of the library on the loop's thread, unless this loop is closed. Called on any thread. */
    void post(Runnable callback) {
        core.send(new Handle(this, callback, null));
    }

    /** As {@link #callSoon(Runnable)}, in {@code context}, null for an empty one. */
    Handle callSoonIn(Runnable callback, @Nullable Context context) {
        requireOpen();
        core.requireThread(); // what was sent before is scheduled before
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

    private TimerHandle callLaterIn(long nanos, Runnable callback, @Nullable Context context) {
        return callAtIn(Seconds.sum(clock.nanos(), nanos), callback, context);
    }

    /** Calls {@code callback} when the clock reaches {@code deadline}, in nanoseconds, in {@code context}, null for an empty one. */
    TimerHandle callAtIn(long deadline, Runnable callback, @Nullable Context context) {
        requireOpen();
        checkThread();
        TimerHandle handle = new TimerHandle(this, deadline, Objects.requireNonNull(callback, "callback"), context);
        timers.arm(handle, deadline);
        return handle;
    }

    /** The time in seconds since an origin that has no meaning; it never goes back. May be called on any thread. */
    public double time() {
        return Seconds.ofNanos(clock.nanos());
    }

    // Making tasks and futures

    /**
     * Makes a task of {@code coroutine}, which begins in the next turn.
     *
     * @throws IllegalStateException if this loop is closed; the coroutine never runs then
     */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
        return maker.make(coroutine, null, null, null);
    }

    /** As {@link #createTask(Coroutine)}, the task having the name {@code name}, or one of the loop's if that is null. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name) {
        return maker.make(coroutine, name, null, null);
    }

    /** As {@link #createTask(Coroutine)}, the task running in {@code context} itself and not in a copy. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, Context context) {
        return maker.make(coroutine, null, Objects.requireNonNull(context, "context"), null);
    }

    /** As {@link #createTask(Coroutine)}, with {@code options}. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options) {
        return maker.make(coroutine, options.name(), options.context(), options.eagerStart());
    }

    /** Sets what makes the tasks of this loop, null for {@link Task#of}. Tasks that gather and others make of coroutines are among them. */
    public void setTaskFactory(@Nullable TaskFactory factory) {
        checkThread();
        maker.factory = factory;
    }

    /** The factory of the tasks of this loop, null for {@link Task#of}. */
    public @Nullable TaskFactory getTaskFactory() {
        return maker.factory;
    }

    /** Makes a future that is pending until somebody completes it. */
    public <T extends @Nullable Object> Future<T> createFuture() {
        return new Future<>(this);
    }

    /**
     * Calls {@code callable} in {@code executor}, or for null in the default one: a virtual thread, or before Java 21 a pool of daemon
     * threads. It runs in a copy of the current context, unlike in asyncio. Cancelling the future drops a call that has not begun; one that has goes on, and its result is lost.
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
     * Sets the executor that {@link #runInExecutor} takes by default. {@link #shutdownDefaultExecutor} and {@link #close} shut it down.
     *
     * @throws IllegalStateException if this loop is closed
     */
    public void setDefaultExecutor(ExecutorService service) {
        requireOpen();
        checkThread();
        executor.set(Objects.requireNonNull(service, "service"));
    }

    /**
     * Shuts the default executor down and waits until the calls in it are over, at most {@code limit} of real time, null being no limit;
     * then a warning is logged and they go on. The default executor refuses calls from when the coroutine begins.
     */
    public Coroutine<Void> shutdownDefaultExecutor(@Nullable Duration limit) {
        return new ExecutorShutdownFrame(executor, limit);
    }

    // Errors and debugging

    /**
     * Sets what is called with failures that nobody is there to catch, null for the default: they are logged by the
     * {@link System.Logger} {@code dev.heddle} at level {@code ERROR}. The map has a {@code message}, mostly an {@code exception}, and what the failure
     * happened to: a handle, future or task.
     *
     * <p>The failure of a task or future that nobody awaits or asks for is reported when the future cannot be reached any more, at the latest
     * when the loop is closed or 30 seconds have passed, see {@link #setUnretrievedFailureDelay}; asyncio reports it when the future has been
     * collected. The {@code future} of the report is a copy if the original has been collected, and the handler runs in its context. Tasks that
     * are pending when the loop is closed are reported as well, in asyncio those that are collected. In debug mode there is a
     * {@code source_traceback}: where the handle, future or task was made.
     */
    public void setExceptionHandler(@Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler) {
        checkThread();
        errors.setHandler(handler);
    }

    /** The handler that {@link #setExceptionHandler} has set, null for the default. */
    public @Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> getExceptionHandler() {
        return errors.handler();
    }

    /**
     * Sets after how many seconds of {@link #time} a failure that nobody has looked at is reported although its future can still be reached:
     * 30 at first, and 1 in debug mode. With {@link Double#POSITIVE_INFINITY} every such failure is reported when this loop is closed, as
     * in {@link dev.heddle.testing.TestLoop}, and the garbage collector has no part in it.
     */
    public void setUnretrievedFailureDelay(double seconds) {
        checkThread();
        unretrieved.setDelay(Math.max(0, Seconds.toNanos(seconds)));
    }

    /** After how many seconds a failure that nobody has looked at is reported, see {@link #setUnretrievedFailureDelay}. */
    public double getUnretrievedFailureDelay() {
        return unretrieved.delay() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : Seconds.ofNanos(unretrieved.delay());
    }

    /** Calls the exception handler with {@code context}, see {@link #setExceptionHandler}. What the handler throws is logged. */
    public void callExceptionHandler(Map<String, Object> context) {
        checkThread();
        errors.call(Objects.requireNonNull(context, "context"));
    }

    /**
     * Turns debug mode on or off: slow callbacks are logged as warnings, what is reported comes with the
     * place where it was made, and coroutines and other objects to await that nobody has awaited are reported when they have been collected,
     * or this loop is closed.
     */
    public void setDebug(boolean debug) {
        this.debug = debug;
        observation.update();
        chain.unawaited.watch(debug);
    }

    /** Sets whether objects to await that nobody has awaited are reported without debug mode, with one line each; for tests. */
    public void setReportUnawaited(boolean report) {
        checkThread();
        chain.unawaited.watchForTest(report);
    }

    /** Whether debug mode is on: at first if the system property {@code heddle.debug} is {@code true}. */
    public boolean getDebug() {
        return debug;
    }

    /** How many seconds a callback or a step of a task may take in debug mode without a warning: 0.1 at first. */
    public double getSlowCallbackDuration() {
        return Seconds.ofNanos(slowCallbackNanos);
    }

    /** Sets how many seconds a callback or a step of a task may take in debug mode without a warning. */
    public void setSlowCallbackDuration(double seconds) {
        slowCallbackNanos = Seconds.toNanos(seconds);
    }

    /** The task that runs at this moment, null for a callback; between two steps, where no program asks, that of the last one. */
    @Nullable
    Task<?> current() {
        return maker.eager == null && ready.taken() instanceof Task<?> task ? task : maker.eager;
    }

    // Checks

    void requireOpen() {
        if (closed) {
            throw closedError();
        }
    }

    IllegalStateException closedError() {
        return new IllegalStateException("Event loop is closed: " + this);
    }

    /** Throws if another thread runs this loop. Called before anything is changed, wherever the program touches the loop or what belongs to it. */
    void checkThread() {
        if (core.isOnOtherThread()) {
            throw RunningLoop.wrongThread(this);
        }
    }

    @Override
    public String toString() {
        String condition = closed ? "closed" : isRunning() ? "running" : "idle";
        return "<EventLoop " + number + " " + condition + ">";
    }
}
