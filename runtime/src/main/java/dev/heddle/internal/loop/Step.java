package dev.heddle.internal.loop;

import dev.heddle.woven.Suspendable;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the ready queue or of the timers. A class and not an interface, because the loop calls {@link #step} once for every entry.
 *
 * <p>It extends {@link Suspendable} because tasks are both; other steps cannot be awaited.
 */
public abstract class Step extends Suspendable {

    /** {@link #state} of a step that is not among the timers. */
    protected static final int NO_TIMER = -1;

    /** {@link #state} of a sleeping step from the turn in which its time comes until it runs, in the same turn. */
    protected static final int DUE = -2;

    /** {@link #state} after {@link #DUE} if the sleep was cancelled before the step ran: the step runs once for nothing. */
    protected static final int DUE_CANCELLED = -3;

    /** {@link #state} of a step that {@link TimerHeap#arm} has added, until it is due or cancelled. */
    static final int ARMED = 0;

    /**
     * One of the constants above or, of a step that {@link TimerHeap#sleep} has added, its index in the heap, which keeps it up to date. Subclasses
     * may use the numbers below the constants. One field serves all of this, so that a future is no larger than its outcome requires.
     */
    protected int state = NO_TIMER;

    /** For the kinds of steps. */
    protected Step() {}

    /** Runs this step. Called on the thread of the loop, which has taken this from its ready queue. */
    protected abstract void step();

    /** Called instead of {@link #step} if the loop is closed, for the reason {@code closed}, before the step has run. */
    protected void dropped(IllegalStateException closed) {}

    @Override
    protected @Nullable Object begin() {
        throw new IllegalArgumentException("cannot await a " + getClass().getName());
    }
}
