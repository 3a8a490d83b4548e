package dev.heddle;

import dev.heddle.coroutines.ParkingFrame;
import org.jspecify.annotations.Nullable;

/** The requests to cancel one task. Made when the first comes, so that a task that is never cancelled is smaller. */
final class Cancellation {

    /** How often {@link Task#cancel} was called, less {@link Task#uncancel}. */
    private int requests;

    /** Whether the coroutine is to be cancelled where it goes on next. Not while the task waits for something that could be cancelled. */
    private boolean pending;

    /** The message of the last request that could not be passed on. */
    private @Nullable String message;

    /** Whether the end of the run has cancelled the task, which then cleans up and is not cancelled by that again. */
    private boolean last;

    /** The request that is with what the task waits for at this moment, null for none. */
    @Nullable
    CancelRequest present;

    boolean isLast() {
        return last;
    }

    int requests() {
        return requests;
    }

    @Nullable
    String message() {
        return message;
    }

    /** Takes a request back, and returns how many remain; with the last, one that has not been delivered is dropped. */
    int takeBack() {
        if (requests > 0) {
            requests--;
            if (requests == 0) {
                pending = false;
                last = false;
            }
        }
        return requests;
    }

    /** Whether the coroutine is to be cancelled now; not any more after that. */
    boolean takePending() {
        boolean taken = pending;
        pending = false;
        return taken;
    }

    /** Cancels {@code awaited} instead, if the coroutine is to be cancelled, which now waits for that. */
    void passOn(Future<?> awaited) {
        if (pending && awaited.cancel(message)) {
            pending = false;
        }
    }

    /** Cancels the coroutine where it goes on next. */
    void keep(@Nullable String request) {
        pending = true;
        message = request;
    }

    /**
     * Counts a request and cancels what {@code task} waits for. If that is a task or a gather, true is returned instead, and the caller has
     * to pass the request on.
     */
    boolean add(Task<?> task, @Nullable String request) {
        if (task.loop.tasks.isEnding()) {
            if (last) {
                return false;
            }
            last = true;
        }
        requests++;
        Object target = task.awaited();
        if ((target instanceof Task<?> || target instanceof GatherFuture<?>) && !((Future<?>) target).isDone()) {
            return true;
        }
        if (target instanceof Sleep<?> sleep && task.cancelSleep()) {
            task.leaveWait(sleep, request);
            return false;
        }
        if (target instanceof ParkingFrame<?> parking && parking.cancelWait()) {
            task.loop.requireOpen(); // a future is cancelled too before it finds its loop closed
            task.leaveWait(parking, request);
            return false;
        }
        if (target instanceof Future<?> future && future.cancel(request)) {
            return false;
        }
        keep(request);
        return false;
    }
}
