// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.coroutines.ParkingFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that waits in a {@link WaitQueue}. It is in at most one queue at a time.
 *
 * @param <T> the type of the result
 */
abstract class Waiter<T extends @Nullable Object> extends ParkingFrame<T> {

    /** The neighbours in the queue, which is a circle. */
    @Nullable
    Waiter<?> previous;

    @Nullable
    Waiter<?> next;

    /** Whether the queue has woken this waiter or found it cancelled, and must not consider it again. */
    boolean passed;

    /** The current queue, or the last one. */
    private @Nullable WaitQueue waitsIn;

    Waiter(Native entry) {
        super(entry);
    }

    /** Waits at the end of {@code queue} as the await with number {@code await}. */
    final Object waitIn(WaitQueue queue, int await) {
        queue.bind();
        if (waitsIn != queue) { // a store costs more than a comparison, and usually the queue is the same
            waitsIn = queue;
        }
        Object suspended = park(await);
        queue.add(this);
        return suspended;
    }

    /** Leaves the queue after the wait has ended. {@link #take} returns its outcome. */
    final void leave() {
        Objects.requireNonNull(waitsIn, "waitsIn").remove(this);
    }
}
