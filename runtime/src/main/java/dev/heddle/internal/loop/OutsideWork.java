// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tracks the work outside the loop that the loop waits for: calls in executors, and stages that other threads complete, and
 * channels. While such work is
 * outstanding, virtual time passes as fast as real time, or jumps after the loop has been idle for some time.
 *
 * <p>A stage that the loop itself completes does not count, since the loop's clock has to go on for that. A stage derived from such a stage
 * counts once the latter is done, because another thread has to complete it then.
 *
 * <p>Used on the loop's thread.
 */
public final class OutsideWork {

    /** A result that is expected from outside the thread of the loop. */
    public interface Expected {

        /** Whether a call in an executor provides the result, as opposed to a stage. */
        boolean isForCall();

        /** Whether a stage of the loop, or a stage derived from one, provides the result. */
        boolean isForOwnStage();

        /** Whether the loop still has to complete {@linkplain #isForOwnStage its own} stage. */
        boolean waitsForLoop();
    }

    /** The value of {@link #jumpAfter} if virtual time passes as fast as real time. */
    private static final long NEVER = -1;

    private final Clock clock;

    /** Measures how long the loop blocks. */
    private final Clock real;

    /** How many calls in executors are outstanding. */
    private int calls;

    /** How many external stages are outstanding. */
    private int stages;

    /** How many coroutines wait for a channel. */
    private int channels;

    /** The expected results of stages of this loop, and of stages derived from these. */
    private final Set<Expected> own = new HashSet<>();

    /** After how much idle real time virtual time jumps to the next timer, in nanoseconds; or {@link #NEVER}. */
    private long jumpAfter = NEVER;

    /** Tracks the work of a loop whose timers follow {@code clock}. {@code real} is the time of the machine. */
    public OutsideWork(Clock clock, Clock real) {
        this.clock = clock;
        this.real = real;
    }

    public void jumpAfter(long nanos) {
        if (!clock.isVirtual()) {
            throw new IllegalStateException("only the time of a loop made by EventLoop.virtualTime() can jump");
        }
        jumpAfter = Math.max(0, nanos);
    }

    /** Begins to count {@code expected}, which is pending. */
    public void begin(Expected expected) {
        if (expected.isForOwnStage()) {
            own.add(expected);
        } else {
            count(expected, 1);
        }
    }

    /** Undoes {@link #begin}. */
    public void end(Expected expected) {
        if (expected.isForOwnStage()) {
            own.remove(expected);
        } else {
            count(expected, -1);
        }
    }

    private void count(Expected expected, int change) {
        if (expected.isForCall()) {
            calls += change;
        } else {
            stages += change;
        }
    }

    /** Records that a coroutine begins to wait for a channel. */
    public void beginChannel() {
        channels++;
    }

    /** Undoes {@link #beginChannel}. */
    public void endChannel() {
        channels--;
    }

    /** Whether this loop waits for a result that must come from outside its thread. */
    public boolean isOutstanding() {
        return calls > 0 || channels > 0 || outstandingStages() > 0;
    }

    private int outstandingStages() {
        if (own.isEmpty()) {
            return stages; // avoids the iterator
        }
        int count = stages;
        for (Expected expected : own) {
            if (!expected.waitsForLoop()) {
                count++;
            }
        }
        return count;
    }

    /**
     * Returns how long a loop in virtual time has to block if it has nothing to do before {@code deadline}. If the result is 0, the clock
     * has been set to {@code deadline} instead.
     */
    public long timeToWait(long deadline) {
        long left = deadline - clock.nanos();
        if (left <= 0 || jumpAfter == 0 || !isOutstanding()) {
            clock.jumpTo(deadline);
            return 0;
        }
        return jumpAfter == NEVER || deadline == Long.MAX_VALUE ? left : jumpAfter;
    }

    /** Blocks in {@code parking} and returns for how long. */
    public long block(Parking parking, long nanos) {
        long since = real.nanos();
        parking.block(nanos);
        return real.nanos() - since;
    }

    /**
     * Sets the clock forward after the loop has blocked for {@code nanos} of real time, but not beyond {@code deadline}, when the next
     * timer is due.
     *
     * @param idle whether the loop still has nothing to do
     */
    public void pass(long nanos, long deadline, boolean idle) {
        if (jumpAfter == NEVER) {
            clock.jumpTo(Math.min(Seconds.sum(clock.nanos(), nanos), deadline));
        } else if (idle && nanos >= jumpAfter && deadline != Long.MAX_VALUE) {
            clock.jumpTo(deadline);
        }
    }

    /** Describes the outstanding work. Empty if there is none. */
    public String describe() {
        int ofStages = outstandingStages();
        List<String> kinds = new ArrayList<>();
        add(kinds, calls, "one call in an executor", "calls in executors");
        add(kinds, ofStages, "one CompletionStage", "CompletionStages");
        add(kinds, channels, "one wait for a channel", "waits for channels");
        int count = calls + ofStages + channels;
        return String.join(" and ", kinds) + (count == 0 ? "" : count == 1 ? " is outstanding" : " are outstanding");
    }

    private static void add(List<String> kinds, int count, String one, String several) {
        if (count > 0) {
            kinds.add(count == 1 ? one : count + " " + several);
        }
    }
}
