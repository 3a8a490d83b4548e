// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Repeatable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lets a fixed number of tasks wait for each other. When the last of them arrives, all continue, and the barrier can be used again.
 *
 * <p>If a task is cancelled while it waits, its arrival does not count, and the others continue to wait. Not thread-safe; see the package.
 * Corresponds to {@code asyncio.Barrier}.
 */
public final class Barrier extends LoopBound {

    /** The phase of the tasks that have arrived. */
    enum State {
        /** They wait for more tasks. This is the initial state, and the state of an empty barrier unless it was aborted. */
        FILLING,
        /** All have arrived, and they are leaving. A task that arrives now waits until the last has left. */
        DRAINING,
        /** The barrier was reset, and they leave with an exception. A task that arrives now waits until the last has left. */
        RESETTING,
        /** The barrier was aborted. They leave with an exception, and so do tasks that arrive now, until {@link #reset}. */
        BROKEN
    }

    private final class Arrive extends Repeatable<Integer> {

        Arrive() {
            super(Barrier.this, "arrive");
        }

        @Override
        protected @Nullable Object begin() {
            return goOnIn(new ArriveFrame(Barrier.this));
        }
    }

    /** The tasks that wait for the state to change: tasks that have arrived, and tasks that wait for others to leave. */
    final WaitQueue waiters = new WaitQueue(this);

    private final Arrive arrive = new Arrive();
    private final int parties;
    private State state = State.FILLING;

    /** The number of tasks that have arrived and have not left. */
    private int inside;

    /**
     * Creates a barrier for {@code parties} tasks.
     *
     * @throws IllegalArgumentException if {@code parties} is not positive
     */
    public Barrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties must be > 0: " + parties + "; count the tasks that arrive");
        }
        this.parties = parties;
    }

    /**
     * Waits until all tasks have arrived. Returns the index of the arrival, from 0 to {@code parties() - 1}. The last task continues
     * without waiting. If tasks are still leaving, the new one first waits for them. If a waiting task was cancelled, two tasks may get the
     * same index, as in asyncio. Corresponds to {@code await barrier.wait()}.
     *
     * <p>Awaiting the result throws a {@link BrokenBarrierException} if the barrier is aborted, or if it is reset during the wait.
     */
    @CheckReturnValue
    public Coroutine<Integer> arrive() {
        return arrive.called();
    }

    /**
     * Resets this barrier to its initial state. Waiting tasks get a {@link BrokenBarrierException}; tasks that arrive later wait for each
     * other. The reset is immediate; the result exists for likeness with asyncio and need not be awaited. Corresponds to {@code await
     * barrier.reset()}.
     */
    public Coroutine<Void> reset() {
        waiters.requireThread();
        waiters.wakeAll();
        state = inside > 0 ? State.RESETTING : State.FILLING;
        return Coroutine.done();
    }

    /**
     * Breaks this barrier until {@link #reset}. Tasks that wait or arrive get a {@link BrokenBarrierException}. The change is immediate;
     * the result exists for likeness with asyncio and need not be awaited. Corresponds to {@code await barrier.abort()}.
     */
    public Coroutine<Void> abort() {
        waiters.requireThread();
        waiters.wakeAll();
        state = State.BROKEN;
        return Coroutine.done();
    }

    /** Returns the number of tasks that have to arrive. */
    public int parties() {
        return parties;
    }

    /** Returns the number of tasks that wait for others to arrive. */
    public int waiting() {
        return state == State.FILLING ? inside : 0;
    }

    /** Whether this barrier was aborted. */
    public boolean isBroken() {
        return state == State.BROKEN;
    }

    State state() {
        return state;
    }

    /** Counts an arrival and returns its index. The last arrival opens the barrier. */
    int enter() {
        waiters.requireThread();
        if (inside + 1 == parties) {
            waiters.wakeAll();
            state = State.DRAINING;
        }
        return inside++;
    }

    /** Counts a departure. The last departure wakes the tasks that wait to arrive. */
    void leave() {
        if (inside == 1) {
            waiters.wakeAll();
            if (state != State.BROKEN) {
                state = State.FILLING;
            }
        }
        inside--;
    }

    BrokenBarrierException broken(String reason) {
        return new BrokenBarrierException(reason + ": " + this + "; reset() makes it usable again");
    }

    @Override
    public String toString() {
        String waiting = isBroken() ? "" : " waiting=" + waiting() + "/" + parties;
        return "<Barrier " + state.name().toLowerCase(Locale.ROOT) + waiting + ">";
    }
}
