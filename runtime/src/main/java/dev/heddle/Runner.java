package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop that runs coroutines one after the other, and its end, Python's {@code asyncio.Runner}; {@link Asyncio#run} is one run of one
 * runner. For a program of which only parts are coroutines:
 *
 * <pre>{@code
 * try (Runner runner = new Runner()) {
 *     Config config = runner.run(load());
 *     show(config);
 *     runner.run(serve(config));
 * }
 * }</pre>
 *
 * <p>The loop is made when it is first needed. Tasks that are left when a run ends go on in the next; those that are left at the end
 * are cancelled by {@link #close}. A runner that is not closed is held by the JVM, which might have to wait for it.
 *
 * <p>The first interrupt of the thread in a run cancels the main task, see {@link EventLoop}; it becomes an {@link InterruptError} if the
 * task ends by it, and a second one leaves the loop.
 *
 * <p>When the JVM is told to end ({@code SIGTERM}, Ctrl-C, {@link System#exit} on another thread) while this runs, the main task is
 * cancelled, and the JVM waits until this is closed, so that clean-up code runs; at most 10 seconds, or as many as the system property
 * {@code heddle.shutdown.seconds} or {@link #shutdownLimit} says. {@code System.exit} in the loop itself stops the thread
 * for good, as everywhere, and nothing is waited for.
 *
 * <p>A runner is used by one thread.
 */
public final class Runner implements AutoCloseable {

    private final Supplier<EventLoop> loopFactory;

    /** The method in messages. */
    private final String method;

    private @Nullable Boolean debug;
    private @Nullable Duration shutdownLimit;
    private @Nullable EventLoop loop;

    /** Not null once there is a loop. Package-private for the tests. */
    @Nullable
    ShutdownHook hook;

    /** The context of all runs, so that a variable keeps what one of them has set. Not null once there is a loop. */
    private @Nullable Context context;

    /** The thread's loop, which it gets back at the end. */
    private @Nullable EventLoop replaced;

    private boolean closed;

    /** The main task of the last run if it has cancelled tasks of the loop, otherwise null. */
    private @Nullable Task<?> canceller;

    /** How often the thread was interrupted in the present run. */
    private int interrupts;

    /** The throwable that ended the last run, null if there was none. */
    private @Nullable Throwable thrown;

    /** A runner of a loop that {@link EventLoop#create} makes. */
    public Runner() {
        this("Runner.run()");
    }

    Runner(String method) {
        this(EventLoop::create, method);
    }

    /** A runner of the loop that {@code loopFactory}, which is called once, makes. */
    public Runner(Supplier<EventLoop> loopFactory) {
        this(Objects.requireNonNull(loopFactory, "loopFactory"), "Runner.run()");
    }

    Runner(Supplier<EventLoop> loopFactory, String method) {
        this.loopFactory = loopFactory;
        this.method = method;
    }

    /**
     * Sets whether the loop is in debug mode. Without a call it is as it was made.
     *
     * @return this
     * @throws IllegalStateException if the loop was made already
     */
    public Runner debug(boolean debug) {
        requireNoLoop();
        this.debug = debug;
        return this;
    }

    /**
     * Sets how long the JVM, when it is told to end, waits for clean-up code, instead of 10 seconds or what the system property
     * {@code heddle.shutdown.seconds} says.
     *
     * @return this
     * @throws IllegalStateException if the loop was made already
     */
    public Runner shutdownLimit(Duration limit) {
        requireNoLoop();
        shutdownLimit = Objects.requireNonNull(limit, "limit");
        return this;
    }

    private void requireNoLoop() {
        if (loop != null || closed) {
            throw new IllegalStateException("a Runner is set up before its first use");
        }
    }

    /**
     * The loop, which from now on is also that of the thread, as {@link Asyncio#getEventLoop} gives it.
     *
     * @throws IllegalStateException if this is closed
     */
    public EventLoop loop() {
        if (closed) {
            throw new IllegalStateException("Runner is closed");
        }
        EventLoop made = loop;
        if (made == null) {
            long limit = ShutdownHook.nanos(shutdownLimit);
            made = Objects.requireNonNull(loopFactory.get(), "the loop that loopFactory makes");
            if (debug != null) {
                made.setDebug(debug);
            }
            loop = made;
            context = Context.copyCurrent();
            hook = ShutdownHook.add(made, limit);
            replaced = RunningLoop.set(made);
        }
        return made;
    }

    /**
     * Runs {@code coroutine} as a task and returns its result. All runs have one context, a copy of that in which the loop was made.
     *
     * @throws IllegalStateException if a loop runs on this thread, or this is closed; {@code coroutine} never runs then
     * @throws InterruptError if the thread was interrupted and the task was cancelled by that; the interrupt flag is set
     * @throws CancelledError if the task ended cancelled; any other throwable if it failed with it, checked ones too
     */
    public <T extends @Nullable Object> T run(Coroutine<T> coroutine) {
        return runIn(null, coroutine);
    }

    /** As {@link #run(Coroutine)}, the task running in {@code context} itself and not in that of the other runs. */
    public <T extends @Nullable Object> T run(Coroutine<T> coroutine, Context context) {
        return runIn(Objects.requireNonNull(context, "context"), coroutine);
    }

    private <T> T runIn(@Nullable Context runContext, Coroutine<T> coroutine) {
        Objects.requireNonNull(coroutine, "coroutine");
        EventLoop running = RunningLoop.orNull();
        if (running != null || closed) {
            coroutine.discard();
        }
        if (running != null) {
            throw new IllegalStateException(method + " cannot be called from a running event loop;"
                    + " await the coroutine, or make a task of it with createTask");
        }
        EventLoop idle = loop();
        Task<T> main = idle.createTask(coroutine, runContext == null ? Objects.requireNonNull(context) : runContext);
        ShutdownHook hook = Objects.requireNonNull(this.hook);
        hook.enter(main);
        thrown = null;
        try {
            return runMain(main);
        } catch (Throwable failure) {
            thrown = failure;
            if (failure instanceof CancelledError cancelled) {
                hook.muffle(cancelled);
            }
            throw failure;
        } finally {
            hook.leave();
            canceller = coroutine instanceof NativeFrame<?> frame && frame.hasCancelledTasks() ? main : null;
        }
    }

    private <T> T runMain(Task<T> main) {
        interrupts = 0;
        main.loop.hooks.interruptAction = () -> interrupted(main);
        try {
            return main.loop.runUntilComplete(main);
        } catch (CancelledError cancelled) {
            if (interrupts > 0) {
                Thread.currentThread().interrupt(); // also if it was cancelled by somebody else too, who is heard first
                if (main.uncancel() == 0) {
                    throw new InterruptError("the thread that runs " + main + " was interrupted");
                }
            }
            throw cancelled;
        } finally {
            main.loop.hooks.interruptAction = null;
        }
    }

    private void interrupted(Task<?> main) {
        interrupts++;
        if (interrupts > 1) {
            Thread.currentThread().interrupt();
            throw new InterruptError("the thread that runs " + main + " was interrupted again");
        }
        main.cancel();
    }

    /**
     * Cancels the tasks that are left, once, and awaits them; failures of theirs go to the exception handler of the loop. Then awaits
     * the calls in the default executor, at most 300 seconds, and closes the loop. Without a loop that is to be closed it does nothing.
     *
     * <p>A task that is cancelled here is not cancelled again by its {@link TaskGroup}, so that its clean-up code runs undisturbed. When
     * an error leaves the loop meanwhile the other tasks still clean up; then it is thrown, unless the last run threw it already.
     *
     * @throws IllegalStateException if a loop runs on this thread
     */
    @Override
    public void close() {
        EventLoop running = RunningLoop.orNull();
        if (running != null && loop != null) {
            throw new IllegalStateException("Runner.close() cannot be called from a running event loop: " + running);
        }
        closed = true;
        EventLoop ending = loop;
        if (ending == null) {
            return;
        }
        loop = null;
        boolean interrupted = Thread.interrupted(); // it would end the waits
        ShutdownHook hook = Objects.requireNonNull(this.hook);
        hook.enter(null);
        try (ending) {
            new RunEnd(ending, thrown, canceller).run();
        } finally {
            RunningLoop.restore(ending, replaced);
            hook.remove();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
