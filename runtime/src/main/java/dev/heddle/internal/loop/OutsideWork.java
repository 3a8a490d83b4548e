package dev.heddle.internal.loop;

import java.util.HashSet;
import java.util.Set;

/**
 * The calls in executors and the stages that a loop waits for and others complete, and how virtual time passes
 * meanwhile: as fast as real time, or by a jump after the loop has been idle for some time.
 *
 * <p>A stage of this loop's own does not count: the loop completes it, so its clock has to go on. A stage that is derived from such a stage
 * counts once that one is done, as another thread has to complete it then.
 *
 * <p>Used on the loop's thread.
 */
public final class OutsideWork {

    /** A result that something outside the thread of the loop is going to give. */
    public interface Expected {

        /** Whether a call in an executor gives it, and not a stage. */
        boolean isForCall();

        /** Whether a stage of the loop gives it, or one that is derived from such a stage. */
        boolean isForOwnStage();

        /** Whether the loop has still to complete {@linkplain #isForOwnStage its own} stage. */
        boolean waitsForLoop();
    }

    /** {@link #jumpAfter} if virtual time passes as fast as real time. */
    private static final long NEVER = -1;

    private final Clock clock;

    /** Measures how long the loop blocks. */
    private final Clock real;

    /** How many calls in executors are outstanding. */
    private int calls;

    /** How many stages that others complete are outstanding. */
    private int stages;

    /** The results of stages of this loop, or for stages that are derived from those. */
    private final Set<Expected> own = new HashSet<>();

    /** The real time without anything to do after which virtual time jumps to the next timer, in nanoseconds; or {@link #NEVER}. */
    private long jumpAfter = NEVER;

    /** The work of a loop with the time {@code clock}; {@code real} is the time of the machine. */
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

    /** Counts {@code expected}, which is pending. */
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

    /** Whether something outside the thread has to complete what this loop waits for. */
    public boolean isOutstanding() {
        return calls > 0 || outstandingStages() > 0;
    }

    private int outstandingStages() {
        if (own.isEmpty()) {
            return stages; // and allocates no iterator
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
     * How long a loop in virtual time blocks that has nothing to do before {@code deadline}. If the result is 0, the clock has been set to
     * {@code deadline} instead.
     */
    public long timeToWait(long deadline) {
        long left = deadline - clock.nanos();
        if (left <= 0 || jumpAfter == 0 || !isOutstanding()) {
            clock.jumpTo(deadline);
            return 0;
        }
        return jumpAfter == NEVER || deadline == Long.MAX_VALUE ? left : jumpAfter;
    }

    /** Blocks in {@code parking}, and returns how long that has lasted. */
    public long block(Parking parking, long nanos) {
        long since = real.nanos();
        parking.block(nanos);
        return real.nanos() - since;
    }

    /**
     * Sets the clock after the loop has blocked for {@code nanos} of real time, though not beyond {@code deadline}, when the next timer is due.
     *
     * @param idle whether there is still nothing to do
     */
    public void pass(long nanos, long deadline, boolean idle) {
        if (jumpAfter == NEVER) {
            clock.jumpTo(Math.min(Seconds.sum(clock.nanos(), nanos), deadline));
        } else if (idle && nanos >= jumpAfter && deadline != Long.MAX_VALUE) {
            clock.jumpTo(deadline);
        }
    }

    /** The outstanding work, in words; empty if there is none. */
    public String describe() {
        String ofCalls = text(calls, "one call in an executor", "calls in executors");
        int count = outstandingStages();
        String ofStages = text(count, "one CompletionStage", "CompletionStages");
        String both = ofCalls.isEmpty() || ofStages.isEmpty() ? "" : " and ";
        return ofCalls
                + both
                + ofStages
                + (calls + count == 1 ? " is outstanding" : calls + count == 0 ? "" : " are outstanding");
    }

    private static String text(int count, String one, String several) {
        return count == 0 ? "" : count == 1 ? one : count + " " + several;
    }
}
