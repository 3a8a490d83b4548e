// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out queue of waiters. As in asyncio, a waiter that was woken or cancelled stays in the queue until it runs, but is not
 * woken again.
 */
final class WaitQueue {

    private final LoopBound owner;

    /** The first waiter; the one before it in the circle is the last. Null if the queue is empty. */
    private @Nullable Waiter<?> first;

    /** The number of waiters. */
    private int size;

    /**
     * The number of waiters at the front that were woken or found cancelled and are not considered again. There may be many, because woken
     * waiters stay until they run.
     */
    private int passed;

    /** The first waiter that was not passed. Valid only while some waiters were passed, but not all. */
    private @Nullable Waiter<?> firstToWake;

    /** Creates the queue of the waiters for {@code owner}. */
    WaitQueue(LoopBound owner) {
        this.owner = owner;
    }

    /** Binds the owner to the running loop. */
    void bind() {
        owner.bind();
    }

    int size() {
        return size;
    }

    void add(Waiter<?> waiter) {
        waiter.passed = false;
        if (first == null) {
            if (waiter.next != waiter) { // a store costs more than a comparison, and usually it was alone before
                waiter.previous = waiter;
                waiter.next = waiter;
            }
            first = waiter;
        } else {
            Waiter<?> last = Objects.requireNonNull(first.previous);
            last.next = waiter;
            waiter.previous = last;
            waiter.next = first;
            first.previous = waiter;
            if (passed == size) {
                firstToWake = waiter;
            }
        }
        size++;
    }

    void remove(Waiter<?> waiter) {
        if (size == 1) { // the waiter remains a circle of one
            first = null;
            firstToWake = null;
            size = 0;
            passed = 0;
            return;
        }
        Waiter<?> before = Objects.requireNonNull(waiter.previous);
        Waiter<?> after = Objects.requireNonNull(waiter.next);
        before.next = after;
        after.previous = before;
        waiter.previous = null;
        waiter.next = null;
        size--;
        if (waiter.passed) {
            passed--;
        }
        if (first == waiter) {
            first = after;
        }
        if (firstToWake == waiter) {
            firstToWake = after;
        }
    }

    /** Whether a waiter was not cancelled: it waits, or was woken and has not run yet. */
    boolean hasLive() {
        Waiter<?> waiter = first;
        for (int i = 0; i < size; i++) {
            if (!Objects.requireNonNull(waiter).wasCancelled()) {
                return true;
            }
            waiter = waiter.next;
        }
        return false;
    }

    /**
     * Checks the calling thread. To be called before a change for which a waiter is woken.
     *
     * @throws IllegalStateException if a task waits or has waited in this queue, and another thread runs its loop
     */
    void requireThread() {
        if (first != null) {
            first.requireThread();
        } else {
            owner.requireThread();
        }
    }

    /** Wakes the first waiter, unless it was already woken or cancelled. */
    void wakeFirst() {
        if (first != null) {
            first.wake();
        }
    }

    /** Wakes the first waiter that still waits, and returns whether there was one. */
    boolean wakeNext() {
        return wake(1) == 1;
    }

    /** Wakes the first {@code count} waiters that still wait, or all if there are fewer, and returns their number. */
    int wake(int count) {
        int woken = 0;
        while (passed < size && woken < count) {
            Waiter<?> waiter = Objects.requireNonNull(passed == 0 ? first : firstToWake);
            if (waiter.wake()) {
                woken++;
            }
            waiter.passed = true; // from here to the end of the iteration there are no calls, so nothing can fail
            passed++;
            if (passed < size) {
                firstToWake = waiter.next;
            }
        }
        return woken;
    }

    void wakeAll() {
        wake(size);
    }

    /** Describes the waiters for {@code toString}. Empty if there are none. */
    String describe(String name) {
        return size == 0 ? "" : " " + name + "=" + size;
    }
}
