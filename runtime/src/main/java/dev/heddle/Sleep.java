package dev.heddle;

import dev.heddle.spi.Suspendable;
import dev.heddle.spi.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A wait for a time, which is itself the timer: no future is made. It runs from when it is awaited, can be awaited again after it
 * has ended, and by one task at a time. One that is not positive lets the others run once and has no state at all, so that it
 * can be shared.
 *
 * <p>Turns pass as in asyncio, where a timer sets a future and the future wakes the task: this is run in the turn in which
 * it is due, and the task in the next.
 */
final class Sleep<T extends @Nullable Object> extends Suspendable implements Awaitable<T> {

    /** The sleep that only lets the others run once. */
    static final Sleep<Void> YIELD = new Sleep<>(0, null);

    /** {@link #place} while nobody awaits this. */
    private static final int IDLE = -1;

    /** {@link #place} from when the time has come until this is run, in the same turn. */
    private static final int DUE = -2;

    /** {@link #place} after this has ended, until the awaiting task runs. */
    private static final int OVER = -3;

    private final long nanos;
    private final @Nullable T value;

    /** One of the constants above, or the index in the {@link TimerHeap}, which keeps it up to date. */
    int place = IDLE;

    /** Who awaits this; null while this is idle, and always in a yield. */
    private @Nullable Task<?> sleeper;

    /** A sleep of {@code nanos} that gives {@code value}. */
    Sleep(long nanos, @Nullable T value) {
        this.nanos = nanos;
        this.value = value;
    }

    /** Whether this takes no time. */
    boolean isYield() {
        return nanos <= 0;
    }

    @Override
    protected Object begin() {
        if (sleeper != null) {
            throw new IllegalStateException("sleep is being awaited already by " + sleeper + ": " + this);
        }
        return Suspension.SUSPENDED;
    }

    /** Begins to measure the time for {@code task}. */
    void start(Task<?> task) {
        sleeper = task;
        EventLoop loop = task.loop;
        loop.timers.add(this, Seconds.sum(loop.clock.nanos(), nanos));
    }

    /** Says that this has left the timers to be run in this turn. */
    void due() {
        place = DUE;
    }

    /** Says that this has left the timers and the task never goes on. */
    void dropped() {
        place = OVER;
    }

    /** Wakes the task, if this has not been cancelled since it was due. */
    void run() {
        Task<?> task = sleeper;
        if (place == DUE && task != null) {
            place = OVER;
            task.loop.ready.add(task);
        }
    }

    /** Lets {@code task} go before the time; false if this is over anyway, or a yield. */
    boolean cancel(Task<?> task) {
        if (place >= 0) {
            task.loop.timers.removeAt(place);
        } else if (place != DUE) {
            return false;
        }
        end();
        return true;
    }

    /** Lets the task go that awaited this, and gives the value. */
    @Nullable
    T end() {
        if (sleeper != null) {
            sleeper = null;
            place = IDLE;
        }
        return value;
    }

    @Override
    public String toString() {
        return "<sleep " + Seconds.text(nanos) + ">";
    }
}
