package dev.heddle.workers;

import dev.heddle.coroutines.StackRoom;
import org.jspecify.annotations.Nullable;

/**
 * The way of all threads to the state of a {@link SharedQueue}: each method is one of {@link Matching}, called under the lock. The messages
 * to the loops of those whose turn has come are sent when the lock is free again.
 *
 * <p>Each section is written out, as {@link Latched} says how: one that is handed to a common method would need an object for what it takes, and
 * have two calls more that may overflow the stack. There is room on the stack for the whole of a change and for its messages before it begins.
 */
final class Channel<T> extends Latched {

    private final Matching<T> matching;

    Channel(int capacity) {
        matching = new Matching<>(this, capacity);
    }

    /** See {@link Matching#poll}. */
    @Nullable
    T poll() {
        @Nullable T value;
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            value = matching.poll();
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
        return value;
    }

    /** See {@link Matching#pollOrWait}. */
    @Nullable
    T pollOrWait(Party<T> getter) {
        @Nullable T value;
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            value = matching.pollOrWait(getter);
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
        return value;
    }

    /** See {@link Matching#pollGranted}. */
    T pollGranted(Party<T> getter) {
        T value;
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            value = matching.pollGranted(getter);
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
        return value;
    }

    /** See {@link Matching#offer}. */
    boolean offer(T element) {
        boolean value;
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            value = matching.offer(element);
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
        return value;
    }

    /** See {@link Matching#offerOrWait}. */
    boolean offerOrWait(Party<?> putter, T element) {
        boolean value;
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            value = matching.offerOrWait(putter, element);
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
        return value;
    }

    /** See {@link Matching#offerGranted}. */
    void offerGranted(Party<?> putter, T element) {
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            matching.offerGranted(putter, element);
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
    }

    /** See {@link Matching#leave}. */
    void leave(Party<?> party) {
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            matching.leave(party);
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
    }

    /** Closes the queue. */
    void close() {
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            matching.close();
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
    }

    /** Takes those out whose loop is closed. */
    private void removeClosed() {
        Wakeups wakeups;
        StackRoom.require();
        lock();
        try {
            matching.removeClosed();
            wakeups = matching.takeToSend();
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
        send(wakeups);
    }

    private void send(@Nullable Wakeups first) {
        Wakeups wakeups = first;
        while (wakeups != null) {
            Wakeups following = wakeups.next;
            try {
                wakeups.loop.callSoonThreadsafe(wakeups);
            } catch (IllegalStateException loopIsClosed) {
                removeClosed();
            }
            wakeups = following;
        }
    }

    /** Adds nothing more to {@code wakeups}. */
    void close(Wakeups wakeups) {
        lock();
        try {
            matching.close(wakeups);
            unlock();
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
    }

    int size() {
        lock();
        try {
            int value = matching.size();
            unlock();
            return value;
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
    }

    boolean isClosed() {
        lock();
        try {
            boolean value = matching.isClosed();
            unlock();
            return value;
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
    }

    @Override
    public String toString() {
        lock();
        try {
            String value = matching.toString();
            unlock();
            return value;
        } catch (Throwable failure) {
            locked = 0;
            throw failure;
        }
    }
}
