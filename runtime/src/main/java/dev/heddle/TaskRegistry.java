package dev.heddle;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop that are not done, in the order in which they were made: a list through the tasks themselves. The
 * references are strong, so that a task nobody else holds runs to its end, unlike in asyncio. Used on the loop's thread.
 */
final class TaskRegistry {

    /** How many numbers a loop takes at a time, so that loops that make many tasks do not meet at the counter. */
    private static final int BLOCK = 64;

    /** How many numbers were taken in this process. Counted up by the threads of all loops. */
    private static final AtomicLong TAKEN = new AtomicLong();

    /** The last number that was given, and the last one this has. */
    private long number;

    private long lastNumber;

    private @Nullable Task<?> first;
    private @Nullable Task<?> last;
    private int size;

    int size() {
        return size;
    }

    /** A number that no other task of the process has, for its name. */
    long nextNumber() {
        if (number == lastNumber) {
            lastNumber = TAKEN.addAndGet(BLOCK);
            number = lastNumber - BLOCK;
        }
        return ++number;
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
