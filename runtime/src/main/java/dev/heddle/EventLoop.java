package dev.heddle;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Runs tasks and callbacks on one thread, Python's {@code asyncio} event loop. */
public final class EventLoop implements Executor, AutoCloseable {

    EventLoop() {}

    /** A loop. */
    public static EventLoop create() { throw new UnsupportedOperationException("not yet"); }

    /** A loop with a virtual clock. */
    public static EventLoop virtualTime() { throw new UnsupportedOperationException("not yet"); }

    /** Runs. */
    public <T> T runUntilComplete(Awaitable<T> awaitable) { throw new UnsupportedOperationException("not yet"); }

    /** Runs. */
    public void runForever() { throw new UnsupportedOperationException("not yet"); }

    /** Stops. */
    public void stop() { throw new UnsupportedOperationException("not yet"); }

    /** Whether it runs. */
    public boolean isRunning() { throw new UnsupportedOperationException("not yet"); }

    /** Whether it is closed. */
    public boolean isClosed() { throw new UnsupportedOperationException("not yet"); }

    /** Closes. */
    @Override
    public void close() { throw new UnsupportedOperationException("not yet"); }

    /** Calls. */
    public Handle callSoon(Runnable callback) { throw new UnsupportedOperationException("not yet"); }

    /** Calls. */
    public Handle callSoonThreadsafe(Runnable callback) { throw new UnsupportedOperationException("not yet"); }

    @Override
    public void execute(Runnable callback) { throw new UnsupportedOperationException("not yet"); }

    /** Calls. */
    public TimerHandle callLater(double seconds, Runnable callback) { throw new UnsupportedOperationException("not yet"); }

    /** Calls. */
    public TimerHandle callAt(double when, Runnable callback) { throw new UnsupportedOperationException("not yet"); }

    /** Seconds. */
    public double time() { throw new UnsupportedOperationException("not yet"); }

    /** Makes a task. */
    public <T> Task<T> createTask(Coroutine<T> coroutine) { throw new UnsupportedOperationException("not yet"); }

    /** Makes a task. */
    public <T> Task<T> createTask(Coroutine<T> coroutine, String name) { throw new UnsupportedOperationException("not yet"); }

    /** Makes a future. */
    public <T> Future<T> createFuture() { throw new UnsupportedOperationException("not yet"); }

    /** Runs elsewhere. */
    public <T> Future<T> runInExecutor(@Nullable Executor executor, Callable<T> callable) { throw new UnsupportedOperationException("not yet"); }

    /** Sets the handler. */
    public void setExceptionHandler(@Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler) { throw new UnsupportedOperationException("not yet"); }

    /** Calls the handler. */
    public void callExceptionHandler(Map<String, Object> context) { throw new UnsupportedOperationException("not yet"); }

    /** Debug mode. */
    public void setDebug(boolean debug) { throw new UnsupportedOperationException("not yet"); }

    /** Debug mode. */
    public boolean getDebug() { throw new UnsupportedOperationException("not yet"); }

    /** Seconds. */
    public double getSlowCallbackDuration() { throw new UnsupportedOperationException("not yet"); }

    /** Seconds. */
    public void setSlowCallbackDuration(double seconds) { throw new UnsupportedOperationException("not yet"); }
}
