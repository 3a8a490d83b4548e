package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks and done-callbacks that wait for one future, in the order in which they came, if they are more than one.
 */
final class Waiters {

    /**
     * A callback that waits for a future, with the context in which it was added. One that was added in an empty context waits as it
     * is.
     */
    record DoneCallback(Consumer<?> callback, Context context) {

        /** The waiter for {@code callback}. */
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

    private final List<Object> list = new ArrayList<>(4);

    Waiters(Object first, Object second) {
        list.add(first);
        list.add(second);
    }

    void add(Object waiter) {
        list.add(waiter);
    }

    /** The one that came last, null once all have left. */
    @Nullable
    Object last() {
        return list.isEmpty() ? null : list.get(list.size() - 1);
    }

    int size() {
        return list.size();
    }

    boolean includesTask() {
        for (Object waiter : list) {
            if (waiter instanceof Task) {
                return true;
            }
        }
        return false;
    }

    /** Takes out every {@code waiter}, and returns how many they were. Comparing callbacks may add and remove others. */
    int removeAll(Object waiter) {
        int removed = 0;
        for (Object present : list.toArray()) {
            if (DoneCallback.waitsFor(present, waiter) && removeOne(present)) {
                removed++;
            }
        }
        return removed;
    }

    private boolean removeOne(Object present) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == present) {
                list.remove(i);
                return true;
            }
        }
        return false;
    }

    /** Puts all on the queue of what runs next, {@code future} being about to end with {@code outcome}; or if it throws none. */
    void wake(Future<?> future, int outcome) {
        Object[] waiters = list.toArray();
        @Nullable Object[] entries = new @Nullable Object[waiters.length];
        int count = 0;
        for (Object waiter : waiters) {
            if (waiter instanceof Task) {
                entries[count++] = waiter;
            } else if (!(waiter instanceof GatherFuture<?> gather) || gather.hears(outcome)) {
                entries[count++] = DoneCallback.handle(waiter, future);
            }
        }
        future.loop.ready.addAll(entries, count);
        for (int i = 0; i < waiters.length; i++) { // which calls nothing
            if (waiters[i] instanceof GatherFuture<?> gather && --gather.pending == 0) {
                gather.last = future;
            }
        }
    }

    /** The code of a view may remove other callbacks meanwhile. */
    void drop(IllegalStateException closed) {
        for (Object waiter : list.toArray()) {
            DoneCallback.drop(waiter, closed);
        }
    }
}
