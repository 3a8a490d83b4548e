package dev.heddle;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

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

    int size() {
        return list.size();
    }

    boolean includesTask() {
        return list.stream().anyMatch(Task.class::isInstance);
    }

    /** Takes out every {@code waiter}, and returns how many they were. */
    int removeAll(Object waiter) {
        int removed = 0;
        for (Iterator<Object> each = list.iterator(); each.hasNext(); ) {
            if (DoneCallback.waitsFor(each.next(), waiter)) {
                each.remove();
                removed++;
            }
        }
        return removed;
    }

    void wake(Future<?> future) {
        for (Object waiter : list) {
            future.wake(waiter);
        }
    }

    void drop(IllegalStateException closed) {
        for (Object waiter : list) {
            DoneCallback.drop(waiter, closed);
        }
    }
}
