// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Repeatable;
import org.jspecify.annotations.Nullable;

/**
 * A flag that any number of tasks can wait for. Use it to announce that something has happened. Initially it is not set. Not thread-safe;
 * see the package. Corresponds to {@code asyncio.Event}.
 */
public final class Event extends LoopBound {

    private final class WaitSet extends Repeatable<Boolean> {

        WaitSet() {
            super(Event.this, "waitSet");
        }

        @Override
        protected @Nullable Object begin() {
            return set ? true : goOnIn(new EventFrame(waiters));
        }
    }

    private final WaitQueue waiters = new WaitQueue(this);
    private final WaitSet waitSet = new WaitSet();
    private boolean set;

    /** Creates an event that is not set. */
    public Event() {}

    /**
     * Waits until this event is set, and returns true. Tasks that wait when the event is set continue even if it is cleared before they
     * run. Corresponds to {@code await event.wait()}.
     */
    @CheckReturnValue
    public Coroutine<Boolean> waitSet() {
        return waitSet.called();
    }

    /** Sets this event and wakes all waiting tasks. From now on, {@link #waitSet} does not wait. */
    public void set() {
        waiters.requireThread();
        if (!set) {
            waiters.wakeAll();
            set = true;
        }
    }

    /** Clears this event. From now on, {@link #waitSet} waits again. */
    public void clear() {
        waiters.requireThread();
        set = false;
    }

    /** Whether this event is set. */
    public boolean isSet() {
        return set;
    }

    @Override
    public String toString() {
        return "<Event " + (set ? "set" : "unset") + waiters.describe("waiters") + ">";
    }
}
