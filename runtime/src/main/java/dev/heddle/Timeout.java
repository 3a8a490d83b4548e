package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.StackRoom;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limit of a block that {@link Asyncio#timeout} runs, Python's {@code asyncio.Timeout}. When the time is over the task is cancelled, and
 * where the block ends the {@link CancelledError} becomes a {@link TimeoutException}, unless somebody else has cancelled the task
 * too. Used on the thread of the loop.
 */
public final class Timeout {

    enum State {
        /** The block runs and its time is not over. */
        ENTERED("active"),
        /** The time was over and the task was cancelled; the block has not ended yet. */
        EXPIRING("expiring"),
        /** The block has ended, after its time was over. Final. */
        EXPIRED("expired"),
        /** The block has ended in time. Final. */
        EXITED("finished");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    /** The deadline of what has no limit, and of all that is too far away. */
    static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Task<?> task;

    /** {@link Task#cancelling} at the beginning: requests of others that this one has to leave alone. */
    private final int cancelling;

    /** The time of the loop at the beginning, in nanoseconds. */
    private final long begin;

    State state = State.ENTERED;

    /** When the time is over, in nanoseconds of the loop's clock, or {@link #NEVER}. */
    private long deadline;

    /** The timer, unless the time is over already or never. */
    private @Nullable TimerHandle timer;

    /** Cancels in the next turn when the time is over already. */
    private @Nullable Handle soon;

    /** Begins the block at the time {@code begin}, in the current task of {@code loop}. */
    Timeout(EventLoop loop, long begin, long deadline) {
        Task<?> current = loop.current();
        if (current == null) {
            throw new IllegalStateException("Timeout should be used inside a task");
        }
        this.loop = loop;
        this.task = current;
        this.cancelling = current.cancelling();
        this.begin = begin;
        arm(begin, deadline);
    }

    // The API

    /** When the time is over, in seconds of {@link EventLoop#time}; infinite if there is no limit. */
    public double when() {
        return deadline == NEVER ? Double.POSITIVE_INFINITY : Seconds.ofNanos(deadline);
    }

    /**
     * Lets the time be over {@code timeout} from now, null being no limit. If it is not positive the task is cancelled in the next turn.
     *
     * @throws IllegalStateException if the time is over or the block has ended
     */
    public void reschedule(@Nullable Duration timeout) {
        long now = loop.clock.nanos();
        rescheduleTo(now, timeout == null ? NEVER : Seconds.sum(now, Seconds.toNanos(timeout)));
    }

    /**
     * Lets the time be over when {@link EventLoop#time} reaches {@code when}, infinity being no limit; otherwise as {@link #reschedule}.
     *
     * @throws IllegalStateException if the time is over or the block has ended
     * @throws IllegalArgumentException if {@code when} is not a number
     */
    public void rescheduleAt(double when) {
        rescheduleTo(loop.clock.nanos(), Seconds.toNanos(when));
    }

    private void rescheduleTo(long now, long newDeadline) {
        loop.checkThread();
        if (state != State.ENTERED) {
            throw new IllegalStateException("Cannot change state of " + state.word
                    + " Timeout; reschedule it before its time is over, inside its block");
        }
        StackRoom.require();
        disarm();
        arm(now, newDeadline);
    }

    /** Whether the time was over before the block had ended. */
    public boolean expired() {
        return state == State.EXPIRING || state == State.EXPIRED;
    }

    // The block

    private void arm(long now, long newDeadline) {
        deadline = newDeadline;
        if (newDeadline <= now) {
            soon = loop.callSoonIn(this::expire, null);
        } else if (newDeadline != NEVER) {
            timer = loop.callAtIn(newDeadline, this::expire, null);
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (soon != null) {
            soon.cancel();
            soon = null;
        }
    }

    private void expire() {
        if (state != State.ENTERED) {
            return; // a block that failed for lack of stack leaves its timer
        }
        task.cancel();
        state = State.EXPIRING;
        timer = null;
        soon = null;
    }

    /**
     * Ends the block, which threw {@code failure}, or null.
     *
     * @throws TimeoutException instead of the failure, if that is the cancellation by this
     */
    void exit(@Nullable Throwable failure) {
        disarm();
        if (state != State.EXPIRING) {
            state = State.EXITED;
            return;
        }
        state = State.EXPIRED;
        if (task.uncancel() > cancelling || failure == null) {
            return;
        }
        if (failure instanceof CancelledError) {
            throw exception(failure);
        }
        explainCancellations(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private TimeoutException exception(@Nullable Throwable cause) {
        return new TimeoutException("no result within " + Seconds.text(Math.max(0, deadline - begin)), cause);
    }

    /**
     * Says in what led to {@code failure}, or was suppressed by it, that cancellations came of this. A cause cannot be replaced in
     * Java, so that the timeout becomes the cause of the cancellation, and not the other way round.
     */
    private void explainCancellations(@Nullable Throwable failure, Set<Throwable> seen) {
        for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
            if (each instanceof CancelledError) {
                if (each.getCause() == null) {
                    each.initCause(exception(null));
                }
                return;
            }
            for (Throwable suppressed : each.getSuppressed()) {
                explainCancellations(suppressed, seen);
            }
        }
    }

    @Override
    public String toString() {
        String when = state != State.ENTERED
                ? ""
                : " when=" + (deadline == NEVER ? "none" : String.valueOf(Math.round(when() * 1000) / 1000.0));
        return "<Timeout [" + state.word + "]" + when + ">";
    }
}
