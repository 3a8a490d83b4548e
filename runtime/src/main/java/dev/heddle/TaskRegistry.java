// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
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
 * Keeps the tasks of a loop that are not done. It holds them strongly, so that a task without other references runs to its end, unlike in
 * asyncio. Used on the loop's thread.
 *
 * <p>A ready task is in the ready queue, and a sleeping task is among the timers. Only a task that waits for a future or in a queue of
 * waiters must be kept here, from its first such wait on. Other tasks cost nothing. The tasks form a linked list.
 */
final class TaskRegistry {

    /** How many numbers a loop takes at a time, to reduce contention between loops that create many tasks. */
    private static final int BLOCK = 64;

    /** The number of numbers taken in this process. Incremented by the threads of all loops. */
    private static final AtomicLong TAKEN = new AtomicLong();

    private final EventLoop loop;

    /** The last number that was used, and the last number that this loop has taken. */
    private long number;

    private long lastNumber;

    /** The task that was kept last. */
    private @Nullable Task<?> last;

    private boolean ending;

    /** The number of tasks that are not done. The code that creates a task increments it. */
    int size;

    TaskRegistry(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether the end of the run is cancelling tasks now. */
    boolean isEnding() {
        return ending;
    }

    /** Cancels tasks at the end of the run. Each is cancelled only once; another call does not interrupt their clean-up code. */
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

    /** Returns a number that no other task of the process has, for the name of a task. */
    long nextNumber() {
        if (number == lastNumber) {
            lastNumber = TAKEN.addAndGet(BLOCK);
            number = lastNumber - BLOCK;
        }
        return ++number;
    }

    /** Keeps {@code task}, which may have no other reference, until it is done. */
    void keep(Task<?> task) {
        if (task.previous != null || task.next != null || task == last) {
            return; // it has waited before
        }
        task.previous = last;
        if (last != null) {
            last.next = task;
        }
        last = task;
    }

    /** Records that {@code task} is done. */
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

    /** Reports the tasks that never end, as the loop is about to be closed. */
    void reportPending() {
        for (Task<?> task : all()) {
            if (!task.mayStayPending) {
                loop.errors.reportPending("Task was destroyed but it is pending!", task, task.stack());
            }
        }
    }

    /** Returns a copy, in the order in which the tasks were created. */
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
