package dev.heddle.sync;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The waiters for one thing, the first come first. A waiter stays until it runs again after it was woken or cancelled, as in asyncio:
 * until then it is here but not to be woken any more.
 */
final class WaitQueue {

    private final LoopBound owner;

    /** The one before it is the last. Null if there is nobody. */
    private @Nullable Waiter<?> first;

    /** How many there are. */
    private int size;

    /** How many have been woken or found cancelled, the first ones, and are not to be looked at again. Many may have been woken that have not run yet. */
    private int passed;

    /** The first that was not passed. Kept only while some have been passed, but not all. */
    private @Nullable Waiter<?> firstToWake;

    /** The queue of those that wait for {@code owner}. */
    WaitQueue(LoopBound owner) {
        this.owner = owner;
    }

    /** Binds what they wait for to the running loop. */
    void bind() {
        owner.bind();
    }

    int size() {
        return size;
    }

    void add(Waiter<?> waiter) {
        waiter.passed = false;
        if (first == null) {
            if (waiter.next != waiter) { // a store costs more than a look, and mostly it was alone before
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
        if (size == 1) { // it stays a circle of its own
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

    /** Whether somebody is here who has not been cancelled: who waits, or was woken and is to run. */
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
     * To be called before anything is changed for which somebody here is woken.
     *
     * @throws IllegalStateException if somebody waits here or has waited, on another thread than that which runs the loop of that task
     */
    void requireThread() {
        if (first != null) {
            first.requireThread();
        } else {
            owner.requireThread();
        }
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
        while (passed < size && woken < count) {
            Waiter<?> waiter = Objects.requireNonNull(passed == 0 ? first : firstToWake);
            if (waiter.wake()) {
                woken++;
            }
            waiter.passed =
                    true; // from here to the end of the turn of this loop nothing is called, and so nothing fails
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

    /** How {@code toString} tells of them: empty if there is nobody. */
    String describe(String name) {
        return size == 0 ? "" : " " + name + "=" + size;
    }
}
