package dev.heddle;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback that waits for a future, with the context in which it was added. One that was added in an empty context waits as it
 * is.
 */
record DoneCallback(Consumer<?> callback, Context context) {

    /** What is to wait for {@code callback}. */
    static Object waiter(Consumer<?> callback, @Nullable Context context) {
        return context == null ? callback : new DoneCallback(callback, context);
    }

    /** Whether {@code waiter} is {@code sought}, a task or a callback, or waits for it. */
    static boolean waitsFor(Object waiter, Object sought) {
        return (waiter instanceof DoneCallback bound ? bound.callback : waiter).equals(sought);
    }

    /** The handle that calls {@code waiter} with {@code future}. */
    static Handle handle(Object waiter, Future<?> future) {
        return waiter instanceof DoneCallback bound
                ? new Handle(future.loop, bound.callback, future, bound.context)
                : new Handle(future.loop, (Consumer<?>) waiter, future, null);
    }

    /** Tells {@code waiter}, if it has to know, that it is never called. */
    static void drop(Object waiter, IllegalStateException closed) {
        if ((waiter instanceof DoneCallback bound ? bound.callback : waiter) instanceof Droppable droppable) {
            droppable.dropped(closed);
        }
    }
}
