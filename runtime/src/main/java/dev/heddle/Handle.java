// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.loop.Droppable;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.report.Text;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback that an {@link EventLoop} is going to run in a later iteration. Use it to {@link #cancel} the callback.
 *
 * <p>{@link #cancel} and {@link #isCancelled} are thread-safe. Cancelling has no effect if the loop is running the callback at that moment.
 * The other methods are used on the loop's thread. Corresponds to {@code asyncio.Handle}.
 */
public final class Handle extends Step {

    private final EventLoop loop;

    /** A {@code Runnable}, or a {@code Consumer} of the future; null once cancelled. Volatile because other threads may cancel. */
    private volatile @Nullable Object callback;

    private final @Nullable Future<?> future;

    /** The context of the callback; null for an empty context that was never requested. */
    private @Nullable Context context;

    Handle(EventLoop loop, Runnable callback, @Nullable Context context) {
        this.loop = loop;
        this.callback = callback;
        this.future = null;
        this.context = context;
        noteCreation();
    }

    Handle(EventLoop loop, Consumer<?> callback, Future<?> future, @Nullable Context context) {
        this.loop = loop;
        this.callback = callback;
        this.future = future;
        this.context = context;
        noteCreation();
    }

    private void noteCreation() {
        if (loop.debug) {
            loop.creations.note(this);
        }
    }

    /** Keeps the callback from running. Has no effect if it has run or was cancelled before. */
    public void cancel() {
        callback = null;
    }

    /** Whether {@link #cancel} was called. */
    public boolean isCancelled() {
        return callback == null;
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
        Object current = callback;
        if (current == null) {
            return;
        }
        Context own = context;
        ThreadStates outer = own == null ? null : own.enterStates();
        loop.context = own;
        try {
            if (future == null) {
                ((Runnable) current).run();
            } else {
                call(current, future);
            }
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

    @SuppressWarnings("unchecked") // the future took it as a consumer of itself
    private static void call(Object callback, Future<?> future) {
        ((Consumer<Future<?>>) callback).accept(future);
    }

    @Override
    protected void dropped(IllegalStateException closed) {
        if (callback instanceof Droppable droppable) {
            droppable.dropped(closed);
        }
    }

    @Override
    public String toString() {
        Object current = callback;
        return "<Handle " + (current == null ? "cancelled" : Text.of(current)) + loop.creations.text(this) + ">";
    }
}
