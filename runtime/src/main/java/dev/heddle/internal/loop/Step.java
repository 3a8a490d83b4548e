// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import dev.heddle.woven.Suspendable;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the ready queue or of the timers. It is a class and not an interface, because the loop calls {@link #step} once for every
 * entry.
 *
 * <p>It extends {@link Suspendable} because a task is both. Other steps cannot be awaited.
 */
public abstract class Step extends Suspendable {

    /** The {@link #state} of a step that is not among the timers. */
    protected static final int NO_TIMER = -1;

    /** The {@link #state} of a sleeping step after its deadline, until it runs in the same turn. */
    protected static final int DUE = -2;

    /** The {@link #state} after {@link #DUE} if the sleep was cancelled before the step ran. The step then runs once without effect. */
    protected static final int DUE_CANCELLED = -3;

    /** The {@link #state} of a step that {@link TimerHeap#arm} has added, until it is due or cancelled. */
    static final int ARMED = 0;

    /**
     * One of the constants above or, for a step that {@link TimerHeap#sleep} has added, its index in the heap. The heap updates the index.
     * Subclasses may use the numbers below the constants. One field serves all these purposes, so that a future is no larger than its
     * outcome requires.
     */
    protected int state = NO_TIMER;

    /** Called by subclasses. */
    protected Step() {}

    /** Runs this step. Called on the thread of the loop, which has taken the step from its ready queue. */
    protected abstract void step();

    /** Called instead of {@link #step} if the loop is closed before the step has run. {@code closed} is the reason. */
    protected void dropped(IllegalStateException closed) {}

    @Override
    protected @Nullable Object begin() {
        throw new IllegalArgumentException("cannot await a " + getClass().getName());
    }
}
