// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.loop.Droppable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks and done-callbacks that wait for one future, in the order in which they were added. Used if there is more than one.
 */
final class Waiters {

    /**
     * A callback that waits for a future, with the context in which it was added. A callback that was added in an empty context is not
     * wrapped.
     */
    record DoneCallback(Consumer<?> callback, Context context) {

        /** Returns the waiter for {@code callback}. */
        static Object waiter(Consumer<?> callback, @Nullable Context context) {
            return context == null ? callback : new DoneCallback(callback, context);
        }

        /** Whether {@code waiter} is {@code sought}, a task or a callback, or wraps it. */
        static boolean waitsFor(Object waiter, Object sought) {
            return (waiter instanceof DoneCallback bound ? bound.callback : waiter).equals(sought);
        }

        /** Creates the handle that calls {@code waiter} with {@code future}. */
        static Handle handle(Object waiter, Future<?> future) {
            return waiter instanceof DoneCallback bound
                    ? new Handle(future.loop, bound.callback, future, bound.context)
                    : new Handle(future.loop, (Consumer<?>) waiter, future, null);
        }

        /** Notifies {@code waiter}, if it needs to know, that it will never be called. */
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

    /** Returns the waiter that was added last, or null if all were removed. */
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

    /** Removes every occurrence of {@code waiter}, and returns their number. Comparing callbacks may add and remove others. */
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

    /**
     * Appends all waiters to the ready queue. {@code future} is about to end with {@code outcome}. If this method throws, it has appended
     * none.
     */
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
        for (int i = 0; i < waiters.length; i++) { // makes no calls
            if (waiters[i] instanceof GatherFuture<?> gather && --gather.pending == 0) {
                gather.last = future;
            }
        }
    }

    /** Notifies all waiters that the loop is closed. The code of a view may remove other callbacks meanwhile. */
    void drop(IllegalStateException closed) {
        for (Object waiter : list.toArray()) {
            DoneCallback.drop(waiter, closed);
        }
    }
}
