// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.MainCoroutine;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs coroutines one after the other in one loop, and ends the loop in an orderly way. Use it in a program of which only parts are
 * coroutines; {@link Asyncio#run} is a runner with a single run.
 *
 * <pre>{@code
 * try (Runner runner = new Runner()) {
 *     Config config = runner.run(load());
 *     show(config);
 *     runner.run(serve(config));
 * }
 * }</pre>
 *
 * <p>The loop is created when it is first needed. Tasks that are pending at the end of a run continue in the next. {@link #close} cancels
 * the remaining tasks. The JVM keeps a reference to a runner until it is closed, because it may have to wait for it at shutdown.
 *
 * <p>The first interrupt of the thread in a run cancels the main task, see {@link EventLoop}. If the task then ends cancelled, an {@link
 * InterruptError} is thrown. A second interrupt leaves the loop.
 *
 * <p>If the JVM shuts down during a run ({@code SIGTERM}, Ctrl-C, {@link System#exit} on another thread), the main task is cancelled. The
 * JVM waits until this runner is closed, so that clean-up code runs. It waits for at most 10 seconds, unless the system property {@code
 * heddle.shutdown.seconds} or {@link #shutdownLimit} sets a different limit. {@code System.exit} in the loop itself blocks the thread
 * forever, as always, and the JVM does not wait.
 *
 * <p>Not thread-safe: one thread uses a runner. Corresponds to {@code asyncio.Runner}.
 */
public final class Runner implements AutoCloseable {

    private final Supplier<EventLoop> loopFactory;

    /** The name of the method for messages. */
    private final String method;

    private @Nullable Boolean debug;
    private @Nullable Duration shutdownLimit;
    private @Nullable EventLoop loop;

    /** Not null once there is a loop. Package-private for the tests. */
    @Nullable
    ShutdownHook hook;

    /** The context of all runs, so that the values of variables persist between runs. Not null once there is a loop. */
    private @Nullable Context context;

    /** The previous loop of the thread, which is restored at the end. */
    private @Nullable EventLoop replaced;

    private boolean closed;

    /** The main task of the last run if it has cancelled tasks of the loop; otherwise null. */
    private @Nullable Task<?> canceller;

    /** How often the thread was interrupted in the current run. */
    private int interrupts;

    /** The throwable that ended the last run, or null. */
    private @Nullable Throwable thrown;

    /** Creates a runner whose loop {@link EventLoop#create} creates. */
    public Runner() {
        this("Runner.run()");
    }

    Runner(String method) {
        this(EventLoop::create, method);
    }

    /** Creates a runner whose loop {@code loopFactory} creates. The factory is called once. */
    public Runner(Supplier<EventLoop> loopFactory) {
        this(Objects.requireNonNull(loopFactory, "loopFactory"), "Runner.run()");
    }

    Runner(Supplier<EventLoop> loopFactory, String method) {
        this.loopFactory = loopFactory;
        this.method = method;
    }

    /**
     * Sets whether the loop is in debug mode. By default the mode of the new loop is not changed.
     *
     * @return this
     * @throws IllegalStateException if the loop was already created
     */
    public Runner debug(boolean debug) {
        requireNoLoop();
        this.debug = debug;
        return this;
    }

    /**
     * Sets how long the JVM waits for clean-up code when it shuts down. The default is the system property {@code heddle.shutdown.seconds},
     * or else 10 seconds.
     *
     * @return this
     * @throws IllegalStateException if the loop was already created
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
     * Returns the loop. From now on it is also the loop of the thread, which {@link Asyncio#getEventLoop} returns.
     *
     * @throws IllegalStateException if this runner is closed
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
     * Runs {@code coroutine} as a task and returns its result. All runs share one context, a copy of the context in which the loop was
     * created. If the task fails, its throwable propagates as it is, even a checked exception.
     *
     * @throws IllegalStateException if a loop runs on this thread, or this runner is closed; {@code coroutine} then never runs
     * @throws InterruptError if the task was cancelled because the thread was interrupted; the interrupt flag is set
     * @throws CancelledError if the task ended cancelled
     */
    public <T extends @Nullable Object> T run(Coroutine<T> coroutine) {
        return runIn(null, coroutine);
    }

    /** As {@link #run(Coroutine)}. The task runs in {@code context} itself, not in the context of the other runs. */
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
            canceller = coroutine instanceof MainCoroutine<?> program && program.hasCancelledTasks() ? main : null;
        }
    }

    private <T> T runMain(Task<T> main) {
        interrupts = 0;
        main.loop.hooks.interruptAction = () -> interrupted(main);
        try {
            return main.loop.runUntilComplete(main);
        } catch (CancelledError cancelled) {
            if (interrupts > 0) {
                Thread.currentThread().interrupt(); // even if another cancellation takes precedence
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
        if (main.isDone()) {
            Thread.currentThread().interrupt(); // too late to cancel anything, and not lost
            return;
        }
        interrupts++;
        if (interrupts > 1) {
            Thread.currentThread().interrupt();
            throw new InterruptError("the thread that runs " + main + " was interrupted again");
        }
        main.cancel();
    }

    /**
     * Cancels the remaining tasks, once, and awaits them. Their failures are reported to the exception handler of the loop. Then awaits the
     * calls in the default executor for at most 300 seconds, and closes the loop. If there is no loop to close, nothing happens.
     *
     * <p>A task that is cancelled here is not cancelled again by its {@link TaskGroup}, so that its clean-up code is not interrupted. If an
     * error leaves the loop during the shutdown, the other tasks still clean up. Then the error is thrown, unless the last run has thrown
     * it already.
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
        boolean interrupted = Thread.interrupted(); // the interrupt would end the waits
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
