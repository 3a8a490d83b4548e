// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Finds the longest step of a loop with few reads of the clock. It reads the clock once for each block of steps, and counts the block as
 * one step that took the whole time. After each pause of the loop and after each long block, the next block has one step. While blocks are
 * short, the size doubles, up to {@value #MOST_STEPS} steps. If a long step follows many short ones, its measured time therefore includes
 * the short steps in its block, a few microseconds. If several long steps follow each other, each has a block of its own, except for the
 * steps in the block of the first one.
 *
 * <p>A block continues in the next turn, unless a turn has many steps. The loop then takes thousands of timers and messages between turns,
 * and that time belongs to no step.
 *
 * <p>Used on the loop's thread, except for methods that say otherwise.
 */
public final class StepTimer {

    /** At this size, a read of the clock, 25 to 100 nanoseconds, costs less than half a nanosecond per step. */
    private static final int MOST_STEPS = 256;

    /** The nanoseconds above which a block is long. This bounds the error of a measurement; a read of the clock costs 1% of it. */
    private static final long LONG_BLOCK = 8_000;

    private static final VarHandle BEGUN = handle("begun");
    private static final VarHandle LONGEST = handle("longest");

    private final Clock clock;

    /** The number of steps in the current block. */
    private int size = 1;

    /** The number of the step after which the clock is read. Most turns only compare it. Steps are counted from 1. */
    private long lastOfBlock = 1;

    /** How many steps of the block have not begun. Used in timed turns; 0 only between {@link #take} and {@link #ran}. */
    private int left;

    /**
     * When the current block began. The loop's thread releases it after {@link #longest}; a reader that acquires it sees all earlier
     * blocks.
     */
    private long begun;

    /** The longest block in nanoseconds. The loop's thread writes it in opaque mode, so that readers may see it late. */
    private long longest;

    /** Creates a timer that reads {@code clock}. */
    public StepTimer(Clock clock) {
        this.clock = clock;
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(StepTimer.class, name, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Records that a pause ended at time {@code now}, after {@code steps} steps had run. */
    public void begin(long now, long steps) {
        size = 1;
        lastOfBlock = steps + 1;
        BEGUN.setRelease(this, now);
    }

    /** Records that a pause begins at time {@code now}, after {@code steps} steps have run. */
    public void end(long now, long steps) {
        if (steps > lastOfBlock - size) {
            note(now - begun);
        }
    }

    /** Whether the turn that ends with step {@code last} has to be timed. This includes all turns of {@value #MOST_STEPS} steps or more. */
    public boolean isDue(long last) {
        return last >= lastOfBlock;
    }

    /** Begins to time a turn of {@code count} steps, up to step {@code last}. */
    public void beginTurn(int count, long last) {
        left = (int) (lastOfBlock - (last - count));
        if (count >= MOST_STEPS) { // taking them has cost the loop time
            look();
        }
    }

    /** Returns how many of the {@code count} remaining steps of the turn to run before {@link #ran} is called. */
    public int take(int count) {
        int taken = Math.min(count, left);
        left -= taken;
        return taken;
    }

    /** Records that the steps returned by {@link #take} have run. */
    public void ran() {
        if (left == 0) {
            look();
        }
    }

    /** Ends the timing of a turn, with the arguments that were passed to {@link #beginTurn}. */
    public void endTurn(int count, long last) {
        if (count >= MOST_STEPS) {
            look();
        }
        lastOfBlock = last + left;
    }

    /** Ends the current block, unless none of its steps has run, and begins another. */
    private void look() {
        long now = clock.nanos();
        if (left < size) {
            long taken = now - begun;
            note(taken);
            if (taken > LONG_BLOCK) {
                size = 1;
            } else if (taken < LONG_BLOCK / 2 && size < MOST_STEPS) {
                size *= 2;
            }
            left = size;
        }
        BEGUN.setRelease(this, now);
    }

    private void note(long taken) {
        if (taken > longest) {
            LONGEST.setOpaque(this, taken);
        }
    }

    /** Returns the longest block before the current one, in nanoseconds. Thread-safe. */
    public long longest() {
        return (long) LONGEST.getOpaque(this);
    }

    /** As {@link #longest}, including the current block. Thread-safe, but the loop must not be pausing or able to begin a pause. */
    public long longestSoFar() {
        long start;
        long now;
        do {
            start = (long) BEGUN.getAcquire(this);
            now = clock.nanos();
        } while (start != (long) BEGUN.getAcquire(this)); // otherwise now belongs to a later block
        return Math.max(longest(), now - start);
    }
}
