package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait for one future when they are more than one, in the order in which they came: tasks and done-callbacks.
 */
final class Waiters {

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
        return list.stream().anyMatch(Task.class::isInstance);
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

    void wake(Future<?> future) {
        for (Object waiter : list) {
            future.wake(waiter);
        }
    }

    /** The code of a view may remove other callbacks meanwhile. */
    void drop(IllegalStateException closed) {
        for (Object waiter : list.toArray()) {
            DoneCallback.drop(waiter, closed);
        }
    }
}
