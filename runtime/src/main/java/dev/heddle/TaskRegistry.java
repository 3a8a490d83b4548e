package dev.heddle;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop that are not done, in the order in which they were made: a list through the tasks themselves. The
 * references are strong, so that a task nobody else holds runs to its end, unlike in asyncio. Used on the loop's thread.
 */
final class TaskRegistry {

    private @Nullable Task<?> first;
    private @Nullable Task<?> last;
    private int size;

    int size() {
        return size;
    }

    void add(Task<?> task) {
        task.previous = last;
        if (last == null) {
            first = task;
        } else {
            last.next = task;
        }
        last = task;
        size++;
    }

    void remove(Task<?> task) {
        Task<?> before = task.previous;
        Task<?> after = task.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        task.previous = null;
        task.next = null;
        size--;
    }

    /** A copy. */
    Set<Task<?>> all() {
        Set<Task<?>> tasks = new LinkedHashSet<>();
        for (Task<?> task = first; task != null; task = task.next) {
            tasks.add(task);
        }
        return tasks;
    }
}
