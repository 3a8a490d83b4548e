// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.StackRoom;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Limits the time of a block that {@link Asyncio#timeout} runs. Use it to read or move the deadline inside the block. At the deadline, the
 * task is cancelled. When the block ends, the {@link CancelledError} is converted to a {@link TimeoutException}, unless the task was also
 * cancelled for another reason. Used on the thread of the loop. Corresponds to {@code asyncio.Timeout}.
 */
public final class Timeout {

    private enum State {
        /** The block runs and has not reached its deadline. */
        ENTERED("active"),
        /** The deadline has passed and the task was cancelled, but the block has not ended yet. */
        EXPIRING("expiring"),
        /** The block has ended after its deadline. Final. */
        EXPIRED("expired"),
        /** The block has ended before its deadline. Final. */
        EXITED("finished");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    /** The deadline of a block without a limit, or with a deadline too far in the future. */
    static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Task<?> task;

    /** {@link Task#cancelling} at the beginning. This object must not withdraw these requests. */
    private final int cancelling;

    /** The time of the loop at the beginning, in nanoseconds. */
    private final long begin;

    private State state = State.ENTERED;

    /** The deadline in nanoseconds of the loop's clock, or {@link #NEVER}. */
    private long deadline;

    /** The timer, unless the deadline has passed already or there is none. */
    private @Nullable TimerHandle timer;

    /** Cancels the task in the next iteration if the deadline has passed already. */
    private @Nullable Handle soon;

    /** Begins a block at time {@code begin}, in the current task of {@code loop}. */
    private Timeout(EventLoop loop, long begin, long deadline) {
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

    /** Begins a block of the running task with a limit of {@code nanos} nanoseconds. */
    static Timeout after(long nanos) {
        EventLoop loop = RunningLoop.get();
        long now = loop.clock.nanos();
        return new Timeout(loop, now, Seconds.sum(now, nanos));
    }

    /** Begins a block of the running task with the deadline {@code deadline}, in nanoseconds of the loop's clock. */
    static Timeout at(long deadline) {
        EventLoop loop = RunningLoop.get();
        return new Timeout(loop, loop.clock.nanos(), deadline);
    }

    // The API

    /** Returns the deadline in seconds of {@link EventLoop#time}; infinite if there is no limit. */
    public double when() {
        return deadline == NEVER ? Double.POSITIVE_INFINITY : Seconds.ofNanos(deadline);
    }

    /**
     * Moves the deadline to {@code timeout} from now; null means no limit. If {@code timeout} is not positive, the task is cancelled in the
     * next iteration of the loop.
     *
     * @throws IllegalStateException if the deadline has passed or the block has ended
     */
    public void reschedule(@Nullable Duration timeout) {
        long now = loop.clock.nanos();
        rescheduleTo(now, timeout == null ? NEVER : Seconds.sum(now, Seconds.toNanos(timeout)));
    }

    /**
     * As {@link #reschedule}, with the deadline {@code when}, in seconds of {@link EventLoop#time}. Infinity means no limit.
     *
     * @throws IllegalStateException if the deadline has passed or the block has ended
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

    /** Whether the deadline passed before the block ended. */
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
            return; // a block that ended with a stack overflow may leave its timer
        }
        task.cancel();
        state = State.EXPIRING;
        timer = null;
        soon = null;
    }

    /**
     * Ends the block, which has thrown {@code failure}, or null.
     *
     * @throws TimeoutException instead of the failure, if the failure is the cancellation at the deadline
     */
    void exit(@Nullable Throwable failure) {
        if (state != State.EXPIRING) {
            state = State.EXITED; // before the calls, for which the stack may have no room
            disarm();
            return;
        }
        disarm();
        state = State.EXPIRED;
        if (task.uncancel() > cancelling || failure == null) {
            return;
        }
        if (failure instanceof CancelledError) {
            throw exception(failure);
        }
        explainCancellations(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /**
     * Ends the block, which has thrown {@code failure}, and throws the resulting failure. The return type lets callers write {@code throw}.
     */
    RuntimeException failed(Throwable failure) {
        exit(failure);
        throw Sneaky.thrown(failure);
    }

    private TimeoutException exception(@Nullable Throwable cause) {
        return new TimeoutException("no result within " + Seconds.text(Math.max(0, deadline - begin)), cause);
    }

    /**
     * Marks cancellations among the causes and suppressed exceptions of {@code failure} as caused by this timeout. In Java a cause cannot
     * be replaced, so the timeout becomes the cause of the cancellation, not the other way round.
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
