package dev.heddle.sync;

import dev.heddle.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait for one thing, the longest first. A waiter stays until it runs again after it was woken or cancelled, as in asyncio:
 * until then it is here but not to be woken any more.
 */
final class WaitQueue {

    private final LoopBound owner;
    private @Nullable Waiter<?> first;
    private @Nullable Waiter<?> last;

    /**
     * Those before this one have been woken or cancelled, and are not to be looked at again. Null if that is so of all. Many may
     * have been woken that have not run yet.
     */
    private @Nullable Waiter<?> firstToWake;

    private int size;

    /** The queue of those that wait for {@code owner}. */
    WaitQueue(LoopBound owner) {
        this.owner = owner;
    }

    EventLoop loop() {
        return owner.loop();
    }

    int size() {
        return size;
    }

    void add(Waiter<?> waiter) {
        Waiter<?> neighbour = last;
        waiter.waitsIn = this;
        waiter.previous = neighbour;
        if (neighbour == null) {
            first = waiter;
        } else {
            neighbour.next = waiter;
        }
        last = waiter;
        if (firstToWake == null) {
            firstToWake = waiter;
        }
        size++;
    }

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
        if (firstToWake == waiter) {
            firstToWake = after;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.waitsIn = null;
        size--;
    }

    /** Whether somebody is here who has not been cancelled: who waits, or was woken and is to run. */
    boolean hasLive() {
        for (Waiter<?> waiter = first; waiter != null; waiter = waiter.next) {
            if (!waiter.isCancelled()) {
                return true;
            }
        }
        return false;
    }

    /** Wakes who came first, unless that one was woken or cancelled before. */
    void wakeFirst() {
        if (first != null) {
            first.wake();
        }
    }

    /** Wakes the first who waits, and tells whether there was one. */
    boolean wakeNext() {
        return wake(1) == 1;
    }

    /** Wakes the first {@code count} who wait, or all if there are less, and tells how many. */
    int wake(int count) {
        int woken = 0;
        while (firstToWake != null && woken < count) {
            Waiter<?> waiter = firstToWake;
            if (waiter.wake()) {
                woken++;
            }
            firstToWake = waiter.next; // not before, as waking throws on a wrong thread
        }
        return woken;
    }

    void wakeAll() {
        wake(size);
    }

    /** How {@code toString} tells of them: empty if there is nobody. */
    String describe(String name) {
        return size == 0 ? "" : " " + name + "=" + size;
    }
}
