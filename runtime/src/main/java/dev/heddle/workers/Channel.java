package dev.heddle.workers;

import dev.heddle.EventLoop;
import dev.heddle.sync.QueueShutDownException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link SharedQueue}, under one lock, which nobody holds for longer than a few dozen instructions: nothing is called
 * inside, neither code of the program nor a loop's.
 *
 * <p>Whose turn comes is granted a claim, not an element: the elements stay here until a task that runs takes one, in the same step. A task that is
 * cancelled before gives its claim back, which then is granted to the next. So an element is either here or
 * with a program, and cannot get lost between. The same goes for room and those who put. Always:
 *
 * <ul>
 *   <li>claims on elements ≤ elements, and elements + claims on room ≤ capacity;
 *   <li>somebody waits to get only if every element is claimed, and to put only if all room is taken or claimed;
 *   <li>when this is closed nobody waits to put, and, if no element is left, nobody waits to get.
 * </ul>
 */
final class Channel<T> {

    private final SharedQueue<T> queue;
    private final int capacity;
    private final ArrayDeque<T> elements = new ArrayDeque<>();

    private final Line getters = new Line();
    private final Line putters = new Line();

    /** Those with a claim on an element. */
    private final Line grantedGetters = new Line();

    /** Those with a claim on room. */
    private final Line grantedPutters = new Line();

    /** The messages that are on their way to loops. */
    private final Map<EventLoop, Wakeups> sent = new HashMap<>();

    /** The messages that are to be sent by who has the lock, when it is free again. */
    private @Nullable Wakeups toSend;

    private boolean closed;

    Channel(SharedQueue<T> queue, int capacity) {
        this.queue = queue;
        this.capacity = capacity;
    }

    // Getting

    /** Takes an element that is not claimed, null if there is none; throws if there never will be. */
    @Nullable
    T poll() {
        T element;
        Wakeups wakeups;
        synchronized (this) {
            element = pollFree();
            wakeups = takeToSend();
        }
        send(wakeups);
        return element;
    }

    /** As {@link #poll}; if there is none, {@code getter} waits. */
    @Nullable
    T pollOrWait(Party<T> getter) {
        T element;
        Wakeups wakeups;
        synchronized (this) {
            element = pollFree();
            if (element == null) {
                wait(getter, getters);
            }
            wakeups = takeToSend();
        }
        send(wakeups);
        return element;
    }

    /** Takes the element on which {@code getter} has a claim; throws if it has none as this was closed. */
    T pollGranted(Party<T> getter) {
        T element;
        Wakeups wakeups;
        synchronized (this) {
            if (getter.turn != Party.Turn.GRANTED) {
                throw closedAndEmpty();
            }
            end(getter, grantedGetters);
            element = elements.remove();
            match();
            wakeups = takeToSend();
        }
        send(wakeups);
        return element;
    }

    private @Nullable T pollFree() {
        if (elements.size() == grantedGetters.size()) {
            freeAbandoned(grantedGetters);
        }
        if (elements.size() > grantedGetters.size()) {
            T element = elements.remove();
            match();
            return element;
        }
        if (closed && elements.isEmpty()) {
            throw closedAndEmpty();
        }
        return null;
    }

    // Putting

    /** Puts {@code element} in if there is room that is not claimed; throws if this is closed. */
    boolean offer(T element) {
        boolean offered;
        Wakeups wakeups;
        synchronized (this) {
            offered = offerFree(element);
            wakeups = takeToSend();
        }
        send(wakeups);
        return offered;
    }

    /** As {@link #offer}; if there is none, {@code putter} waits. */
    boolean offerOrWait(Party<?> putter, T element) {
        boolean offered;
        Wakeups wakeups;
        synchronized (this) {
            offered = offerFree(element);
            if (!offered) {
                wait(putter, putters);
            }
            wakeups = takeToSend();
        }
        send(wakeups);
        return offered;
    }

    /** Puts {@code element} where {@code putter} has a claim; throws if this was closed. */
    void offerGranted(Party<?> putter, T element) {
        Wakeups wakeups;
        synchronized (this) {
            if (putter.turn == Party.Turn.GRANTED) {
                end(putter, grantedPutters);
            }
            requireOpen();
            elements.add(element);
            match();
            wakeups = takeToSend();
        }
        send(wakeups);
    }

    private boolean offerFree(T element) {
        requireOpen();
        if (elements.size() + grantedPutters.size() >= capacity) {
            freeAbandoned(grantedPutters);
            if (elements.size() + grantedPutters.size() >= capacity) {
                return false;
            }
        }
        elements.add(element);
        match();
        return true;
    }

    // Leaving

    /** Says that the task of {@code party}, which was suspended here, was cancelled. */
    void leave(Party<?> party) {
        Wakeups wakeups;
        synchronized (this) {
            boolean getter = party instanceof SharedGet;
            if (party.turn == Party.Turn.WAITING) {
                end(party, getter ? getters : putters);
            } else if (party.turn == Party.Turn.GRANTED) {
                end(party, getter ? grantedGetters : grantedPutters);
                match();
            }
            wakeups = takeToSend();
        }
        send(wakeups);
    }

    /** Closes the queue. */
    void close() {
        Wakeups wakeups;
        synchronized (this) {
            closed = true;
            freeAbandoned(grantedGetters);
            match();
            wakeups = takeToSend();
        }
        send(wakeups);
    }

    // Under the lock

    private static void wait(Party<?> party, Line line) {
        party.turn = Party.Turn.WAITING;
        line.add(party);
    }

    private static void end(Party<?> party, Line line) {
        party.turn = Party.Turn.OVER;
        line.remove(party);
    }

    /** Grants what is free to those who wait for it, and tells those who wait in vain. Called after every change. */
    private void match() {
        while (getters.size() > 0 && elements.size() > grantedGetters.size()) {
            grant(getters, grantedGetters);
        }
        if (closed) {
            wakeAll(putters);
            if (elements.isEmpty()) {
                wakeAll(getters);
            }
            return;
        }
        while (putters.size() > 0 && elements.size() + grantedPutters.size() < capacity) {
            grant(putters, grantedPutters);
        }
    }

    /** Gives the first of {@code line} a claim, or drops it. */
    private void grant(Line line, Line granted) {
        Party<?> party = line.remove();
        if (party.loop().isClosed()) {
            party.turn = Party.Turn.OVER; // it is never going to run
            return;
        }
        party.turn = Party.Turn.GRANTED;
        granted.add(party);
        wake(party);
    }

    private void wakeAll(Line line) {
        while (line.size() > 0) {
            Party<?> party = line.remove();
            party.turn = Party.Turn.OVER;
            wake(party);
        }
    }

    private void wake(Party<?> party) {
        EventLoop loop = party.loop();
        Wakeups wakeups = sent.get(loop);
        if (wakeups == null) {
            wakeups = new Wakeups(this, loop, toSend);
            toSend = wakeups;
            sent.put(loop, wakeups);
        }
        wakeups.parties.add(party);
    }

    /** Called whenever something has changed; what throws has changed nothing that somebody waits for. */
    private @Nullable Wakeups takeToSend() {
        Wakeups taken = toSend;
        toSend = null;
        return taken;
    }

    /** Takes their claims from those whose loop was closed, if the oldest claim is such a one: the others come to be the oldest. */
    private void freeAbandoned(Line granted) {
        Party<?> oldest = granted.first();
        if (oldest != null && oldest.loop().isClosed()) {
            removeClosed();
        }
    }

    private void removeClosed() {
        getters.removeClosed();
        putters.removeClosed();
        grantedGetters.removeClosed();
        grantedPutters.removeClosed();
        sent.keySet().removeIf(EventLoop::isClosed);
        match();
    }

    private void requireOpen() {
        if (closed) {
            throw new QueueShutDownException("queue is closed: " + queue + "; nothing can be put into it any more");
        }
    }

    private QueueShutDownException closedAndEmpty() {
        return new QueueShutDownException("queue is closed and empty: " + queue + "; there is no more to get");
    }

    // Without the lock

    private void send(@Nullable Wakeups first) {
        Wakeups wakeups = first;
        while (wakeups != null) {
            Wakeups following = wakeups.next;
            try {
                wakeups.loop.callSoonThreadsafe(wakeups);
            } catch (IllegalStateException loopIsClosed) {
                synchronized (this) {
                    removeClosed();
                    wakeups = takeToSend();
                }
                send(wakeups);
            }
            wakeups = following;
        }
    }

    /** Adds nothing more to {@code wakeups}. */
    synchronized void close(Wakeups wakeups) {
        sent.remove(wakeups.loop, wakeups);
    }

    synchronized int size() {
        return elements.size();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** What {@code toString} tells. */
    synchronized String describe() {
        StringBuilder text = new StringBuilder("size=" + elements.size());
        if (capacity < Integer.MAX_VALUE) {
            text.append('/').append(capacity);
        }
        int getting = getters.size() + grantedGetters.size();
        int putting = putters.size() + grantedPutters.size();
        text.append(getting > 0 ? " getters=" + getting : "");
        text.append(putting > 0 ? " putters=" + putting : "");
        return text.append(closed ? " closed" : "").toString();
    }
}
