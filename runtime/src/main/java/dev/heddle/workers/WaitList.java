// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import org.jspecify.annotations.Nullable;

/** A linked list of waiters in the order of their arrival. Guarded by the lock of the {@link QueueState}. */
final class WaitList {

    private @Nullable Waiter<?> first;
    private @Nullable Waiter<?> last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Waiter<?> waiter) {
        Waiter<?> before = last;
        waiter.previous = before;
        if (before == null) {
            first = waiter;
        } else {
            before.next = waiter;
        }
        last = waiter;
        size++;
    }

    /** Returns the waiter that came first, or null if the list is empty. */
    @Nullable
    Waiter<?> first() {
        return first;
    }

    /** Removes {@code waiter}, which must be in this list. */
    void remove(Waiter<?> waiter) {
        Waiter<?> before = waiter.previous;
        Waiter<?> after = waiter.next;
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
        waiter.previous = null;
        waiter.next = null;
        size--;
    }

    /** Removes the waiters whose loop is closed. */
    void removeClosed() {
        Waiter<?> waiter = first;
        while (waiter != null) {
            Waiter<?> following = waiter.next;
            if (waiter.wakeups().loop.isClosed()) {
                remove(waiter);
                waiter.stage = Waiter.Stage.DONE;
            }
            waiter = following;
        }
    }
}
