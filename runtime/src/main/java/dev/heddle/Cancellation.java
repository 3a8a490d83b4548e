// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.ParkingFrame;
import org.jspecify.annotations.Nullable;

/** The requests to cancel one task. Created for the first request, so that a task that is never cancelled is smaller. */
final class Cancellation {

    /** The number of calls of {@link Task#cancel}, less the calls of {@link Task#uncancel}. */
    private int requests;

    /** Whether to cancel the coroutine when it next continues. False while the task waits for an object that could be cancelled instead. */
    private boolean pending;

    /** The message of the last request that could not be passed on. */
    private @Nullable String message;

    /** Whether the end of the run has cancelled the task. The task then cleans up, and the end of the run does not cancel it again. */
    private boolean last;

    /** The request that is currently being passed to the object that the task awaits, or null. */
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

    /** Withdraws a request, and returns how many remain. If none remains, a request that has not been delivered is dropped. */
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

    /** Whether to cancel the coroutine when it next continues or waits. */
    boolean isPending() {
        return pending;
    }

    /** Returns whether the coroutine has to be cancelled now, and clears that request. */
    boolean takePending() {
        boolean taken = pending;
        pending = false;
        return taken;
    }

    /** If the coroutine has to be cancelled, cancels {@code awaited} instead, for which it now waits. */
    void passOn(Future<?> awaited) {
        if (pending && awaited.cancel(message)) {
            pending = false;
        }
    }

    /** Cancels the coroutine when it next continues. */
    void keep(@Nullable String request) {
        pending = true;
        message = request;
    }

    /**
     * Counts a request and cancels the object that {@code task} awaits. If that is a task or a gather, this method returns true instead,
     * and the caller has to pass the request on.
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
            task.loop.requireOpen(); // after the cancellation, as for a future
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
