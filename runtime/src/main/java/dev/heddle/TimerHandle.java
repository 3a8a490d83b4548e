// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.loop.TimerHeap;
import dev.heddle.internal.report.Text;
import org.jspecify.annotations.Nullable;

/**
 * A callback that an {@link EventLoop} is going to run at a given time. Use it to {@link #cancel} the callback. {@link #when} and {@link
 * #isCancelled} may be called on any thread, all other methods on the loop's thread. Corresponds to {@code asyncio.TimerHandle}.
 */
public final class TimerHandle extends Step {

    private final EventLoop loop;
    private final long deadline;
    private @Nullable Runnable callback;

    /** The context of the callback; null for an empty context that was never requested. */
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

    /** Keeps the callback from running. Has no effect if it has run or was cancelled before. */
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

    /** Returns when the callback is due, in seconds of {@link EventLoop#time}. */
    public double when() {
        return Seconds.ofNanos(deadline);
    }

    /** Returns the context in which the callback runs. */
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
        Context own = context;
        ThreadStates outer = own == null ? null : own.enterStates();
        loop.context = own;
        try {
            current.run();
        } catch (Throwable failure) {
            context = loop.context; // created if the callback has set a variable
            loop.errors.inCallback(current, this, failure);
        } finally {
            loop.context = null;
            if (own != null) {
                own.leaveStates(outer);
            }
        }
    }

    @Override
    public String toString() {
        Runnable current = callback;
        return "<TimerHandle when=" + when() + " " + (current == null ? "cancelled" : Text.of(current))
                + loop.creations.text(this) + ">";
    }
}
