package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.loop.TimerHeap;
import org.jspecify.annotations.Nullable;

/**
 * A callback that an {@link EventLoop} is going to run at a given time, Python's {@code asyncio.TimerHandle}. Used on the loop's
 * thread; another one may ask {@link #when} and {@link #isCancelled}.
 */
public final class TimerHandle extends Step {

    private final EventLoop loop;
    private final long deadline;
    private @Nullable Runnable callback;

    /** The context of the callback; null for an empty context that nobody has asked for. */
    private @Nullable Context context;

    TimerHandle(EventLoop loop, long deadline, Runnable callback, @Nullable Context context) {
        this.loop = loop;
        this.deadline = deadline;
        this.callback = callback;
        this.context = context;
        if (loop.debug) {
            loop.creations.note(this);
        }
    }

    /** Keeps the callback from running; harmless when it has run or was cancelled before. */
    public void cancel() {
        loop.checkThread();
        if (TimerHeap.isWaiting(this)) {
            loop.timers.disarm(this);
            context = null;
        }
        callback = null;
    }

    /** Whether {@link #cancel} was called. */
    public boolean isCancelled() {
        return callback == null;
    }

    /** When the callback is due, in seconds of {@link EventLoop#time}. */
    public double when() {
        return Seconds.ofNanos(deadline);
    }

    /** The context in which the callback runs. */
    public Context context() {
        loop.checkThread();
        Context existing = context;
        if (existing == null) {
            existing = new Context();
            context = existing;
        }
        return existing;
    }

    @Override
    protected void step() {
        Runnable current = callback;
        if (current == null) {
            return;
        }
        loop.context = context;
        try {
            current.run();
        } catch (Throwable failure) {
            context = loop.context; // which was made if the callback has set a variable
            loop.errors.inCallback(current, this, failure);
        } finally {
            loop.context = null;
        }
    }

    @Override
    public String toString() {
        Runnable current = callback;
        return "<TimerHandle when=" + when() + " " + (current == null ? "cancelled" : Text.of(current))
                + loop.creations.text(this) + ">";
    }
}
