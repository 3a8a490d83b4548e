package dev.heddle;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Suspendable;
import dev.heddle.woven.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A wait for a time, from when it is awaited. It has no state, so that one can be awaited any number of times, by several tasks at
 * once: the timer is the {@link Task} itself, and neither a future nor a handle is made. One that is not positive lets the others run
 * once.
 *
 * <p>Turns pass as in asyncio, where a timer sets a future and the future wakes the task: the task enters the ready queue in the turn in which
 * the time is over, and once more in that turn, so that its coroutine goes on in the next.
 */
final class Sleep<T extends @Nullable Object> extends Suspendable implements Awaitable<T> {

    private static final AsyncMethod METHOD = new AsyncMethod("dev.heddle.Asyncio", "sleep", null, "\0");

    /** The sleep that only lets the others run once. */
    private static final Sleep<Void> YIELD = new Sleep<>(0, null);

    private static final int RECENT_BITS = 6;

    /** The golden ratio as a fraction of 2<sup>64</sup>, whose multiples are spread evenly. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /**
     * Sleeps that were made lately, each where its length leads. Many tasks often sleep for the same time, and one object will do for
     * all. Read and written by any thread without order: who sees an old entry makes a sleep too many, and a sleep is immutable.
     */
    @SuppressWarnings("unchecked") // there are no arrays of generic types
    private static final @Nullable Sleep<Void>[] RECENT = (Sleep<Void>[]) new Sleep<?>[1 << RECENT_BITS];

    private final long nanos;
    private final @Nullable T value;

    private Sleep(long nanos, @Nullable T value) {
        this.nanos = nanos;
        this.value = value;
    }

    /** A sleep of {@code nanos} that gives {@code value}. */
    static <T extends @Nullable Object> Sleep<T> of(long nanos, @Nullable T value) {
        Sleep<T> sleep = new Sleep<>(nanos, value);
        UnawaitedCoroutines.note(sleep, METHOD);
        return sleep;
    }

    /** A sleep of {@code nanos} that gives null. */
    static Sleep<Void> of(long nanos) {
        if (UnawaitedCoroutines.isWatchedHere()) {
            return of(nanos, null); // one for each call, to know whether it is awaited
        }
        if (nanos <= 0) {
            return YIELD;
        }
        int slot = (int) ((nanos * SPREAD) >>> (Long.SIZE - RECENT_BITS));
        Sleep<Void> sleep = RECENT[slot];
        if (sleep == null || sleep.nanos != nanos) {
            sleep = new Sleep<>(nanos, null);
            RECENT[slot] = sleep;
        }
        return sleep;
    }

    /** Whether this takes no time. */
    boolean isYield() {
        return nanos <= 0;
    }

    /** When this is over that is awaited at {@code now}. */
    long deadline(long now) {
        return Seconds.sum(now, nanos);
    }

    /** The result of awaiting this. */
    @Nullable
    T value() {
        return value;
    }

    @Override
    protected Object begin() {
        UnawaitedCoroutines.noteStarted(this);
        return Suspension.SUSPENDED;
    }

    @Override
    public String toString() {
        return "<sleep " + Seconds.text(nanos) + ">";
    }
}
