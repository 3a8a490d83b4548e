package dev.heddle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop that are not done. They are held strongly, so that a task nobody else holds runs to its end, unlike in asyncio. Used
 * on the loop's thread.
 *
 * <p>A task that is ready is in the ready queue, and one that sleeps is among the timers. So only who waits for a future, or in a line, has to be kept
 * here, from when that is so first, and tasks that never do cost nothing: it is a list through the tasks themselves.
 */
final class TaskRegistry {

    /** How many numbers a loop takes at a time, so that loops that make many tasks do not meet at the counter. */
    private static final int BLOCK = 64;

    /** How many numbers were taken in this process. Counted up by the threads of all loops. */
    private static final AtomicLong TAKEN = new AtomicLong();

    private final EventLoop loop;

    /** The last number that was given, and the last one this has. */
    private long number;

    private long lastNumber;

    /** The task that was kept last. */
    private @Nullable Task<?> last;

    private boolean ending;

    /** How many tasks are not done. Who makes one counts it. */
    int size;

    TaskRegistry(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether the end of the run cancels tasks at this moment. */
    boolean isEnding() {
        return ending;
    }

    /** Cancels {@code tasks} as the run ends, each once only: another call leaves them to their clean-up code. */
    void end(Collection<? extends Task<?>> leaving, @Nullable String message) {
        ending = true;
        try {
            leaving.forEach(task -> task.cancel(message));
        } finally {
            ending = false;
        }
    }

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

    /** Keeps {@code task} until it is done, which is going to be nowhere else. */
    void keep(Task<?> task) {
        if (task.previous != null || task.next != null || task == last) {
            return; // as it has waited before
        }
        task.previous = last;
        if (last != null) {
            last.next = task;
        }
        last = task;
    }

    /** Says that {@code task} is done. */
    void done(Task<?> task) {
        size--;
        Task<?> before = task.previous;
        Task<?> after = task.next;
        if (before != null) {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        } else if (task == last) {
            last = before;
        }
        task.previous = null;
        task.next = null;
    }

    /** A copy, in the order in which they were made. */
    Set<Task<?>> all() {
        List<Task<?>> found = new ArrayList<>();
        loop.ready.forEach(entry -> {
            if (entry instanceof Task<?> task) {
                found.add(task);
            }
        });
        loop.timers.forEachSleeping(step -> found.add((Task<?>) step));
        for (Task<?> task = last; task != null; task = task.previous) {
            found.add(task);
        }
        found.removeIf(Future::isDone);
        found.sort(Comparator.comparingLong(task -> task.number));
        return new LinkedHashSet<>(found);
    }
}
