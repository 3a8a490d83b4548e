package dev.heddle.sync;

import dev.heddle.coroutines.ParkingFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that waits in a {@link WaitQueue}, in one at a time.
 *
 * @param <T> the type of the result
 */
abstract class Waiter<T extends @Nullable Object> extends ParkingFrame<T> {

    /** The neighbours in the queue, which is a circle. */
    @Nullable
    Waiter<?> previous;

    @Nullable
    Waiter<?> next;

    /** Whether the queue has woken this or has found it cancelled, and is not to look at it again. */
    boolean passed;

    /** The queue in which this is, or was last. */
    private @Nullable WaitQueue waitsIn;

    Waiter(Native entry) {
        super(entry);
    }

    /** Waits at the end of {@code queue} as the await with number {@code await}. */
    final Object waitIn(WaitQueue queue, int await) {
        queue.bind();
        if (waitsIn != queue) { // a store costs more than a look, and mostly it is the same
            waitsIn = queue;
        }
        Object suspended = park(await);
        queue.add(this);
        return suspended;
    }

    /** Leaves the queue when the wait has ended, for which reason {@link #take} tells. */
    final void leave() {
        Objects.requireNonNull(waitsIn, "waitsIn").remove(this);
    }
}
