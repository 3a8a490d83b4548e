package dev.heddle.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Finds the longest step of a loop with few looks at the clock: one for each block of steps, which counts as long as all its steps
 * together. A block begins with one step after each pause of the loop and after each block that was long; while they are short it doubles,
 * up to {@value #MOST_STEPS}. So a long step after many short ones is found too long by what those take which happen to be in its block,
 * a few microseconds, and of long steps that follow each other all but those in the first one's block have a block of their own.
 *
 * <p>A block goes on in the next turn, unless there are many steps in one: what the loop does between turns then, taking thousands of
 * timers and messages, is no step.
 *
 * <p>Used on the loop's thread, but for {@link #longest}.
 */
public final class StepTimer {

    /** At this size a look, of 25 to 100 nanoseconds, costs a step less than half a nanosecond. */
    private static final int MOST_STEPS = 256;

    /** How many nanoseconds make a long block: it bounds what may be found too much, and a look costs it one per cent. */
    private static final long LONG_BLOCK = 8_000;

    private static final VarHandle BEGUN = handle("begun");
    private static final VarHandle LONGEST = handle("longest");

    private final Clock clock;

    /** How many steps the present block is to have. */
    private int size = 1;

    /** The number of the step after which the clock is looked at: most turns have only to compare it. Steps are counted from 1. */
    private long lastOfBlock = 1;

    /** How many steps of the block have not begun. Used within a turn that is timed; never 0 but between {@link #take} and {@link #ran}. */
    private int left;

    /** When the present block began. Released by the loop's thread after {@link #longest}: who acquires it has all blocks before. */
    private long begun;

    /** The longest block in nanoseconds. Written opaquely by the loop's thread, for readers that may see it late. */
    private long longest;

    /** Measures with {@code clock}. */
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

    /** Says that a pause ended at the time {@code now}, before which {@code steps} steps had run. */
    public void begin(long now, long steps) {
        size = 1;
        lastOfBlock = steps + 1;
        BEGUN.setRelease(this, now);
    }

    /** Says that a pause begins at the time {@code now}, when {@code steps} steps have run. */
    public void end(long now, long steps) {
        if (steps > lastOfBlock - size) {
            note(now - begun);
        }
    }

    /** Whether the turn that ends with the step {@code last} has to be timed. So has one with {@value #MOST_STEPS} steps or more. */
    public boolean isDue(long last) {
        return last >= lastOfBlock;
    }

    /** Says that a turn of {@code count} steps, up to the step {@code last}, begins, which is timed. */
    public void beginTurn(int count, long last) {
        left = (int) (lastOfBlock - (last - count));
        if (count >= MOST_STEPS) { // for which the loop has done something
            look();
        }
    }

    /** How many steps are to run before {@link #ran}, of the {@code count} that are left in the turn. */
    public int take(int count) {
        int taken = Math.min(count, left);
        left -= taken;
        return taken;
    }

    /** Says that the steps taken have run. */
    public void ran() {
        if (left == 0) {
            look();
        }
    }

    /** Says that the turn that {@link #beginTurn} tells of has ended. */
    public void endTurn(int count, long last) {
        if (count >= MOST_STEPS) {
            look();
        }
        lastOfBlock = last + left;
    }

    /** Ends the present block, unless none of its steps has run, and begins another. */
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

    /** The longest block before the present one, in nanoseconds. Called on any thread. */
    public long longest() {
        return (long) LONGEST.getOpaque(this);
    }

    /** As {@link #longest}, the present block included. Called on any thread while the loop is neither pausing nor can begin to. */
    public long longestSoFar() {
        long start;
        long now;
        do {
            start = (long) BEGUN.getAcquire(this);
            now = clock.nanos();
        } while (start != (long) BEGUN.getAcquire(this)); // or else now is that of a later block
        return Math.max(longest(), now - start);
    }
}
