// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import dev.heddle.internal.loop.StackRoom;
import dev.heddle.sync.QueueShutDownException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link SharedQueue}: its elements and its waiters. Each method is one critical section under a {@link SpinLock}, a few dozen
 * instructions long. It calls neither code of the program nor an event loop; the loops are notified after the lock is released.
 *
 * <p>A waiter whose turn comes is granted a claim, not an element. The element stays here until the task of the waiter runs and takes it, in the
 * same step. If the task is cancelled first, it gives the claim back, and the next waiter is granted one. An element is therefore always
 * either here or with the program, and cannot be lost in between. The same holds for room and the waiters that put. Always:
 *
 * <ul>
 *   <li>claims on elements ≤ elements, and elements + claims on room ≤ capacity;
 *   <li>a getter waits without a claim only if every element is claimed, and a putter only if all room is taken or claimed;
 *   <li>if the queue is closed, no putter waits, and if it is also empty, no getter waits.
 * </ul>
 *
 * <p>A stack overflow or a lack of memory leaves all this as it was, and the lock free. {@link #poll} and {@link #offer} finish alone when no
 * waiter is concerned; then their last store follows their last call. Every other section makes sure of room on the stack first. It needs no
 * memory except for a larger {@link RingBuffer}, which it asks for before it changes anything.
 */
final class QueueState<T> {

    private final SpinLock lock = new SpinLock();
    private final int capacity;
    private final RingBuffer<T> elements = new RingBuffer<>();

    private final WaitList getters = new WaitList();
    private final WaitList putters = new WaitList();

    /** The waiters with a claim on an element. */
    private final WaitList claimingGetters = new WaitList();

    /** The waiters with a claim on room. */
    private final WaitList claimingPutters = new WaitList();

    /** The messages that the loops have not read, at most one for each loop. */
    private @Nullable Wakeups open;

    /** The open messages that are yet to be sent, by the thread that owns the lock, once it has released the lock. */
    private @Nullable Wakeups unsent;

    private boolean closed;

    QueueState(int capacity) {
        this.capacity = capacity;
    }

    // Getting

    /**
     * Takes an element that nobody has a claim on, or returns null if there is none.
     *
     * @throws QueueShutDownException if the queue is closed and empty
     */
    @Nullable
    T poll() {
        @Nullable T element = null;
        lock.lock();
        try {
            if (putters.isEmpty() && elements.size() > claimingGetters.size() && unsent == null) {
                element = elements.remove();
            }
            lock.unlock();
        } catch (Throwable failure) {
            lock.locked = 0;
            if (element == null) { // otherwise only unlock has failed, and that is done now
                throw failure;
            }
        }
        return element != null ? element : pollOrWait(null);
    }

    /** Takes an element like {@link #poll}; if there is none, {@code getter} begins to wait, unless it is null. */
    @Nullable
    T pollOrWait(@Nullable Waiter<T> getter) {
        lock();
        try {
            if (elements.size() == claimingGetters.size()) {
                freeAbandoned(claimingGetters);
            }
            if (elements.size() > claimingGetters.size()) {
                T element = elements.remove();
                grantClaims();
                return element;
            }
            if (closed && elements.isEmpty()) {
                throw closedAndEmpty();
            }
            if (getter != null) {
                wait(getter, getters);
            }
            return null;
        } finally {
            unlock();
        }
    }

    /**
     * Takes the element that {@code getter} has a claim on.
     *
     * @throws QueueShutDownException if it has none because the queue was closed
     */
    T pollClaimed(Waiter<T> getter) {
        lock();
        try {
            if (getter.stage != Waiter.Stage.CLAIMING) {
                throw closedAndEmpty();
            }
            end(getter, claimingGetters);
            T element = elements.remove();
            grantClaims();
            return element;
        } finally {
            unlock();
        }
    }

    // Putting

    /**
     * Adds {@code element} if there is room that nobody has a claim on, and returns whether there was.
     *
     * @throws QueueShutDownException if the queue is closed
     */
    boolean offer(T element) {
        boolean added = false;
        lock.lock();
        try {
            if (getters.isEmpty() && hasRoom() && !closed && unsent == null) {
                elements.add(element);
                added = true;
            }
            lock.unlock();
        } catch (Throwable failure) {
            lock.locked = 0;
            if (!added) { // otherwise only unlock has failed, and that is done now
                throw failure;
            }
        }
        return added || offerOrWait(null, element);
    }

    /** Adds {@code element} like {@link #offer}; if there is no room, {@code putter} begins to wait, unless it is null. */
    boolean offerOrWait(@Nullable Waiter<?> putter, T element) {
        lock();
        try {
            requireOpen();
            if (!hasRoom()) {
                freeAbandoned(claimingPutters);
            }
            if (hasRoom()) {
                elements.add(element);
                grantClaims();
                return true;
            }
            if (putter != null) {
                wait(putter, putters);
            }
            return false;
        } finally {
            unlock();
        }
    }

    /**
     * Adds {@code element} to the room that {@code putter} has a claim on.
     *
     * @throws QueueShutDownException if the queue was closed
     */
    void offerClaimed(Waiter<?> putter, T element) {
        lock();
        try {
            requireOpen();
            elements.add(element);
            end(putter, claimingPutters);
            grantClaims();
        } finally {
            unlock();
        }
    }

    private boolean hasRoom() {
        return elements.size() + claimingPutters.size() < capacity;
    }

    // Leaving and closing

    /** Ends the wait of {@code waiter} if it is not over, and grants its claim to the next. Called when its task fails or is cancelled. */
    void leave(Waiter<?> waiter) {
        lock();
        try {
            boolean getter = waiter instanceof SharedGet;
            if (waiter.stage == Waiter.Stage.WAITING) {
                end(waiter, getter ? getters : putters);
            } else if (waiter.stage == Waiter.Stage.CLAIMING) {
                end(waiter, getter ? claimingGetters : claimingPutters);
                grantClaims();
            }
        } finally {
            unlock();
        }
    }

    /** Closes the queue. */
    void close() {
        lock();
        try {
            closed = true;
            freeAbandoned(claimingGetters);
            grantClaims();
        } finally {
            unlock();
        }
    }

    /** Adds no further waiters to {@code message}, which its loop is about to read. */
    void close(Wakeups message) {
        lock();
        try {
            Wakeups before = null;
            for (Wakeups each = open; each != null; each = each.nextOpen) {
                if (each == message) {
                    removeOpen(each, before);
                    return;
                }
                before = each;
            }
        } finally {
            unlock();
        }
    }

    /** Removes the waiters whose loop is closed, and the messages to such loops. */
    private void removeClosed() {
        lock();
        try {
            removeClosedLoops();
        } finally {
            unlock();
        }
    }

    // Reading

    int size() {
        lock();
        try {
            return elements.size();
        } finally {
            unlock();
        }
    }

    boolean isClosed() {
        lock();
        try {
            return closed;
        } finally {
            unlock();
        }
    }

    /** Returns the text for the queue. */
    @Override
    public String toString() {
        lock();
        try {
            return text();
        } finally {
            unlock();
        }
    }

    // Critical sections

    private void lock() {
        StackRoom.require();
        lock.lock();
    }

    /** Releases the lock, and sends the messages. */
    private void unlock() {
        Wakeups messages = unsent;
        unsent = null;
        lock.unlock();
        if (messages != null) {
            send(messages);
        }
    }

    private void send(Wakeups first) {
        @Nullable Wakeups message = first;
        try {
            while (message != null) {
                try {
                    message.loop.callSoonThreadsafe(message);
                } catch (IllegalStateException loopIsClosed) {
                    removeClosed();
                }
                message = message.nextUnsent;
            }
        } finally {
            if (message != null) {
                keepUnsent(message);
            }
        }
    }

    /** Leaves {@code first} and the messages after it, which could not be sent, to the next operation. */
    private void keepUnsent(Wakeups first) {
        Wakeups last = first;
        while (last.nextUnsent != null) {
            last = last.nextUnsent;
        }
        lock.lock();
        last.nextUnsent = unsent;
        unsent = first;
        lock.unlock();
    }

    // The methods below are called by the owner of the lock.

    private static void wait(Waiter<?> waiter, WaitList list) {
        waiter.stage = Waiter.Stage.WAITING;
        list.add(waiter);
    }

    private static void end(Waiter<?> waiter, WaitList list) {
        waiter.stage = Waiter.Stage.DONE;
        list.remove(waiter);
    }

    /** Restores the second and the third rule after a change: grants claims, and wakes the waiters for which there will never be one. */
    private void grantClaims() {
        while (!getters.isEmpty() && elements.size() > claimingGetters.size()) {
            grantClaim(getters, claimingGetters);
        }
        if (closed) {
            wakeAll(putters);
            if (elements.isEmpty()) {
                wakeAll(getters);
            }
            return;
        }
        while (!putters.isEmpty() && hasRoom()) {
            grantClaim(putters, claimingPutters);
        }
    }

    /** Grants a claim to the first waiter of {@code waiting}, or drops that waiter if its loop is closed. */
    private void grantClaim(WaitList waiting, WaitList claiming) {
        Waiter<?> waiter = Objects.requireNonNull(waiting.first());
        end(waiter, waiting);
        if (!waiter.wakeups().loop.isClosed()) {
            waiter.stage = Waiter.Stage.CLAIMING;
            claiming.add(waiter);
            wake(waiter);
        }
    }

    private void wakeAll(WaitList waiting) {
        while (!waiting.isEmpty()) {
            Waiter<?> waiter = Objects.requireNonNull(waiting.first());
            end(waiter, waiting);
            wake(waiter);
        }
    }

    /** Adds {@code waiter} to the open message to its loop, or opens one. */
    private void wake(Waiter<?> waiter) {
        Wakeups own = waiter.wakeups();
        for (Wakeups message = open; message != null; message = message.nextOpen) {
            if (message.loop == own.loop) {
                message.add(waiter);
                return;
            }
        }
        own.add(waiter);
        own.nextOpen = open;
        open = own;
        own.nextUnsent = unsent;
        unsent = own;
    }

    /** Removes {@code message}, which follows {@code before}, or is the first if that is null. */
    private void removeOpen(Wakeups message, @Nullable Wakeups before) {
        if (before == null) {
            open = message.nextOpen;
        } else {
            before.nextOpen = message.nextOpen;
        }
        message.nextOpen = null;
    }

    /** Frees the claims of closed loops if the oldest claim of {@code claiming} is of one; every other claim becomes the oldest in time. */
    private void freeAbandoned(WaitList claiming) {
        Waiter<?> oldest = claiming.first();
        if (oldest != null && oldest.wakeups().loop.isClosed()) {
            removeClosedLoops();
        }
    }

    private void removeClosedLoops() {
        getters.removeClosed();
        putters.removeClosed();
        claimingGetters.removeClosed();
        claimingPutters.removeClosed();
        Wakeups before = null;
        Wakeups message = open;
        while (message != null) {
            Wakeups following = message.nextOpen;
            if (message.loop.isClosed()) {
                removeOpen(message, before);
            } else {
                before = message;
            }
            message = following;
        }
        grantClaims();
    }

    private void requireOpen() {
        if (closed) {
            throw new QueueShutDownException("queue is closed: " + text() + "; nothing can be put into it any more");
        }
    }

    private QueueShutDownException closedAndEmpty() {
        return new QueueShutDownException("queue is closed and empty: " + text() + "; there is no more to get");
    }

    private String text() {
        StringBuilder text = new StringBuilder("<SharedQueue size=").append(elements.size());
        if (capacity < Integer.MAX_VALUE) {
            text.append('/').append(capacity);
        }
        int getting = getters.size() + claimingGetters.size();
        int putting = putters.size() + claimingPutters.size();
        text.append(getting > 0 ? " getters=" + getting : "");
        text.append(putting > 0 ? " putters=" + putting : "");
        return text.append(closed ? " closed>" : ">").toString();
    }
}
