package dev.heddle.sync;

import dev.heddle.Future;
import dev.heddle.coroutines.NativeFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that waits in a {@link WaitQueue}, in one at a time.
 *
 * @param <T> the type of the result
 */
abstract class Waiter<T extends @Nullable Object> extends NativeFrame<T> {

    /** The neighbours in the queue, which is a circle. */
    @Nullable
    Waiter<?> previous;

    @Nullable
    Waiter<?> next;

    /** Whether the queue has woken this or has found it cancelled, and is not to look at it again. */
    boolean passed;

    /** The queue in which this is, or was last. */
    private @Nullable WaitQueue waitsIn;

    /** What this awaits in the queue, or awaited last: finished by who wakes this, cancelled with the task. */
    private @Nullable Future<Boolean> future;

    Waiter(Native entry) {
        super(entry);
    }

    /** Makes this one that has not begun, if it has ended; false if it has not. */
    final boolean renewIfOver() {
        if (state != FINISHED) {
            return false;
        }
        renew();
        return true;
    }

    /** Waits at the end of {@code queue} as the await with number {@code await}. */
    final @Nullable Object waitIn(WaitQueue queue, int await) {
        Future<Boolean> awaited = queue.loop().createFuture();
        future = awaited;
        if (waitsIn != queue) { // a store costs more than a look, and mostly it is the same
            waitsIn = queue;
        }
        queue.add(this);
        return await(await, awaited);
    }

    /** Leaves the queue when the wait has ended, for which reason {@link #take} tells. */
    final void leave() {
        Objects.requireNonNull(waitsIn, "waitsIn").remove(this);
    }

    /** Ends the wait; false if it has ended. */
    final boolean wake() {
        boolean pending = !future().isDone();
        if (pending) {
            future().setResult(true);
        }
        return pending;
    }

    /** Whether the wait was ended by {@link #wake}. The task may have been cancelled since. */
    final boolean wasWoken() {
        return future().isDone() && !future().isCancelled();
    }

    /** Whether the wait was ended by a cancellation. */
    final boolean isCancelled() {
        return future().isCancelled();
    }

    private Future<Boolean> future() {
        return Objects.requireNonNull(future);
    }
}
