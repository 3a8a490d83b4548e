// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Suspendable;
import dev.heddle.woven.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A wait for a given time, measured from the await. A sleep has no state, so it can be awaited any number of times, even by several tasks
 * at once. The {@link Task} itself is the timer; neither a future nor a handle is created. A sleep of 0 or less lets everything else that
 * is ready run once.
 *
 * <p>The number of turns is the same as in asyncio, where a timer completes a future and the future wakes the task. The task enters the
 * ready queue in the turn in which the sleep ends, and once more when it runs in that turn, so that its coroutine continues in the next.
 */
final class Sleep<T extends @Nullable Object> extends Suspendable implements Awaitable<T> {

    private static final AsyncMethod METHOD = new AsyncMethod("dev.heddle.Asyncio", "sleep", null, "\0");

    /** The sleep that only lets everything else that is ready run once. */
    private static final Sleep<Void> YIELD = new Sleep<>(0, null);

    private static final int RECENT_BITS = 6;

    /** The golden ratio as a fraction of 2<sup>64</sup>. Its multiples are spread evenly. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /**
     * A cache of recent sleeps, indexed by a hash of their length. Many tasks often sleep for the same time, and can share one object. All
     * threads read and write it without synchronization. A thread that sees an old entry only creates one more sleep, and sleeps are
     * immutable.
     */
    @SuppressWarnings("unchecked") // there are no arrays of generic types
    private static final @Nullable Sleep<Void>[] RECENT = (Sleep<Void>[]) new Sleep<?>[1 << RECENT_BITS];

    private final long nanos;
    private final @Nullable T value;

    private Sleep(long nanos, @Nullable T value) {
        this.nanos = nanos;
        this.value = value;
    }

    /** Returns a sleep of {@code nanos} whose result is {@code value}. */
    static <T extends @Nullable Object> Sleep<T> of(long nanos, @Nullable T value) {
        Sleep<T> sleep = new Sleep<>(nanos, value);
        UnawaitedCoroutines.note(sleep, METHOD);
        return sleep;
    }

    /** Returns a sleep of {@code nanos} whose result is null. */
    static Sleep<Void> of(long nanos) {
        if (UnawaitedCoroutines.isWatchedHere()) {
            return of(nanos, null); // a new one for each call, to find out whether it is awaited
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

    /** Whether this sleep takes no time. */
    boolean isYield() {
        return nanos <= 0;
    }

    /** Returns the deadline if this sleep is awaited at {@code now}. */
    long deadline(long now) {
        return Seconds.sum(now, nanos);
    }

    /** Returns the result of an await of this sleep. */
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
