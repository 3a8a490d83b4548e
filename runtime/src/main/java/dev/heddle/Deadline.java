package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * A limit to how long a stretch of one task may take. When it is reached the task is cancelled, and at the end of the
 * stretch the {@link CancelledError} becomes a {@link TimeoutException}, unless somebody else has cancelled the task too.
 */
final class Deadline {

    private enum State {
        /** The stretch runs and the limit has not been reached. */
        ACTIVE,
        /** The limit was reached and the task cancelled; the stretch has not ended yet. */
        EXPIRING,
        /** The stretch has ended, whether before the limit or after it. */
        ENDED
    }

    private final Task<?> task;
    private final long nanos;
    private final TimerHandle timer;

    /** {@link Task#cancelling} at the beginning: requests of others that this one has to leave alone. */
    private final int cancelling;

    private State state = State.ACTIVE;

    /** Begins the stretch, in the current task of {@code loop}. */
    Deadline(EventLoop loop, long nanos) {
        Task<?> current = loop.current;
        if (current == null) {
            throw new IllegalStateException("Timeout should be used inside a task");
        }
        this.task = current;
        this.nanos = nanos;
        this.cancelling = current.cancelling();
        this.timer = loop.callLaterNanos(nanos, this::expire);
    }

    private void expire() {
        task.cancel();
        state = State.EXPIRING;
    }

    /**
     * Ends the stretch, which threw {@code failure}, or null.
     *
     * @throws TimeoutException instead of the failure, if that is the cancellation by this
     */
    void end(@Nullable Throwable failure) {
        timer.cancel();
        boolean expiring = state == State.EXPIRING;
        state = State.ENDED;
        if (expiring && task.uncancel() <= cancelling && failure instanceof CancelledError) {
            throw new TimeoutException("no result within " + Seconds.text(nanos), failure);
        }
    }
}
