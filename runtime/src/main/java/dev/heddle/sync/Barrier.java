package dev.heddle.sync;

import dev.heddle.Coroutine;
import dev.heddle.woven.Repeatable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a number of tasks wait for each other, Python's {@code asyncio.Barrier}. When the last of them has arrived all go on, and
 * it can be used again. It is not safe for threads; see the package.
 *
 * <p>A task that is cancelled while it waits has not arrived; the others go on waiting.
 */
public final class Barrier extends LoopBound {

    /** The phase of the tasks that have arrived. */
    enum State {
        /** They wait for more. Holds at first, and whenever nobody is here unless it was aborted. */
        FILLING,
        /** All were here, and they leave. Who comes now waits until the last has left. */
        DRAINING,
        /** This was reset, and they leave with an exception. Who comes now waits until the last has left. */
        RESETTING,
        /** This was aborted: they leave with an exception, and so does who comes now. Ends with {@link #reset}. */
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

    /** The tasks that wait for the state to change, whether they have arrived or wait for others to leave. */
    final WaitQueue waiters = new WaitQueue(this);

    private final Arrive arrive = new Arrive();
    private final int parties;
    private State state = State.FILLING;

    /** How many have arrived and not left. */
    private int inside;

    /**
     * A barrier for {@code parties} tasks.
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
     * Waits until all have arrived and gives the index of the arrival, from 0 to {@code parties() - 1}; the last one goes on without
     * waiting. Python's {@code await barrier.wait()}. While others are still leaving it waits for them first. When a task that waited was
     * cancelled, a later one may get the index of another, as in asyncio.
     *
     * <p>Awaiting it throws a {@link BrokenBarrierException} if this is aborted, or reset while it waits.
     */
    public Coroutine<Integer> arrive() {
        return arrive.called();
    }

    /**
     * Empties this: who waits gets a {@link BrokenBarrierException}, who comes later waits for the others as at first. Python's {@code await
     * barrier.reset()}. It is done at once; the result, which asyncio has too, need not be awaited.
     */
    public Coroutine<Void> reset() {
        waiters.requireThread();
        waiters.wakeAll();
        state = inside > 0 ? State.RESETTING : State.FILLING;
        return Coroutine.done();
    }

    /**
     * Breaks this: who waits or comes gets a {@link BrokenBarrierException}, until {@link #reset}. Python's {@code await barrier.abort()}.
     * It is done at once; the result, which asyncio has too, need not be awaited.
     */
    public Coroutine<Void> abort() {
        waiters.requireThread();
        waiters.wakeAll();
        state = State.BROKEN;
        return Coroutine.done();
    }

    /** How many tasks have to arrive. */
    public int parties() {
        return parties;
    }

    /** How many tasks wait for others to arrive. */
    public int waiting() {
        return state == State.FILLING ? inside : 0;
    }

    /** Whether this was aborted. */
    public boolean isBroken() {
        return state == State.BROKEN;
    }

    State state() {
        return state;
    }

    /** Lets one more in and gives its index; the last one opens this. */
    int enter() {
        waiters.requireThread();
        if (inside + 1 == parties) {
            waiters.wakeAll();
            state = State.DRAINING;
        }
        return inside++;
    }

    /** Lets one out; the last one makes room for who waits outside. */
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
