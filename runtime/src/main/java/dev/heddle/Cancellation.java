package dev.heddle;

import dev.heddle.coroutines.ParkingFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The requests to cancel one task. Made when the first comes, so that a task that is never cancelled is smaller. */
final class Cancellation {

    /** How often {@link Task#cancel} was called, less {@link Task#uncancel}. */
    private int requests;

    /** Whether the coroutine is to be cancelled where it goes on next. Not while the task waits for something that could be cancelled. */
    private boolean pending;

    /** The message of the last request that could not be passed on. */
    private @Nullable String message;

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

    /**
     * Asks {@code first} to cancel itself, and what it waits for. Tasks that wait for each other are followed in a loop and not by
     * recursion, as they may be many.
     */
    static void request(Task<?> first, @Nullable String message) {
        Task<?> inCircle = circleMember(first);
        Task<?> task = first;
        while (task.cancellation().add(task, message)) {
            if (task == inCircle) {
                task.leaveCircle(message);
                return;
            }
            task = (Task<?>) Objects.requireNonNull(task.awaited());
        }
    }

    /**
     * One of the tasks that wait for each other in a circle, if {@code first} waits for such; mostly null. The mark moves to the
     * present task whenever the number of steps has doubled, so that it comes to stand in the circle (Brent's algorithm).
     */
    private static @Nullable Task<?> circleMember(Task<?> first) {
        Task<?> task = first;
        Task<?> mark = first;
        int steps = 0;
        while (task.awaited() instanceof Task<?> awaited && !awaited.isDone()) {
            task = awaited;
            if (task == mark) {
                return task;
            }
            steps++;
            if ((steps & (steps - 1)) == 0) {
                mark = task;
            }
        }
        return null;
    }

    /** Counts a request and cancels what {@code task} waits for, unless that is a task: then true is returned. */
    private boolean add(Task<?> task, @Nullable String request) {
        requests++;
        Object target = task.awaited();
        if (target instanceof Task<?> awaited && !awaited.isDone()) {
            return true;
        }
        if (target instanceof Sleep<?> sleep && Alarm.cancel(task)) {
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
        pending = true;
        message = request;
        return false;
    }
}
