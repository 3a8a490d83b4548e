// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.report.Text;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a wait that {@link Asyncio#fromCallback} has begun. A callback of another library calls {@link #complete} or {@link #fail}. The first of these calls
 * counts, and so does a cancellation that comes before them. All methods may be called on any thread, and also before the function that begins the wait returns.
 *
 * @param <T> the type of the result
 */
public final class Completer<T extends @Nullable Object> {

    private enum End {
        OUTCOME,
        CANCELLED
    }

    private final ExternalFuture<T> future;

    /** The end of the wait, or null. Guarded by this, as all fields below. */
    private @Nullable End end;

    /** The actions of {@link #onCancel}, the last one first. */
    private final Deque<Runnable> cancelActions = new ArrayDeque<>(1);

    Completer(EventLoop loop) {
        future = ExternalFuture.of(this::cancelled, loop);
    }

    /** Calls {@code start}, and returns the future that the outcome goes to. */
    Future<T> begin(Consumer<Completer<T>> start) {
        try {
            start.accept(this);
        } catch (Throwable refused) {
            future.cancel();
            throw refused;
        }
        return future;
    }

    /**
     * Ends the wait with a result.
     *
     * @return false if the wait was ended before, so that {@code value} is dropped; if it is a resource, close it
     */
    public boolean complete(T value) {
        if (!end(End.OUTCOME)) {
            return false;
        }
        future.deliver(value, null);
        return true;
    }

    /**
     * Ends the wait with a failure, which is thrown at the await as it is.
     *
     * @return false if the wait was ended before, so that {@code failure} is dropped
     */
    public boolean fail(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (!end(End.OUTCOME)) {
            return false;
        }
        future.deliver(null, failure);
        return true;
    }

    /**
     * Sets an action that tells the other library that the task no longer waits. When the wait is cancelled, the action is called on the thread of the loop. If the
     * wait has been cancelled already, the action is called at once, on the calling thread. If the action throws, the exception handler of the loop is told, and
     * the wait ends nevertheless. If several actions are set, all are called, the last one first.
     */
    public void onCancel(Runnable action) {
        Objects.requireNonNull(action, "action");
        synchronized (this) {
            if (end == null) {
                cancelActions.push(action);
                return;
            }
            if (end != End.CANCELLED) {
                return;
            }
        }
        call(action);
    }

    /** Called on the thread of the loop when the future was cancelled. */
    private void cancelled() {
        if (!end(End.CANCELLED)) {
            return;
        }
        for (Runnable action; (action = nextAction()) != null; ) {
            call(action);
        }
    }

    private synchronized @Nullable Runnable nextAction() {
        return cancelActions.poll();
    }

    private synchronized boolean end(End how) {
        if (end != null) {
            return false;
        }
        end = how;
        if (how == End.OUTCOME) {
            cancelActions.clear();
        }
        return true;
    }

    private void call(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) { // must not prevent waiters from continuing
            future.reportCancelling(Text.of(action), failure);
        }
    }
}
