package dev.heddle.workers;

import dev.heddle.EventLoop;
import dev.heddle.sync.QueueShutDownException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link SharedQueue}: what is in and who waits. Guarded by the lock of its {@link Channel}, which nobody holds for longer than a
 * few dozen instructions: nothing is called here, neither code of the program nor a loop's.
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
final class Matching<T> {

    private final Channel<T> channel;
    private final int capacity;
    private final Elements<T> elements = new Elements<>();

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

    Matching(Channel<T> channel, int capacity) {
        this.channel = channel;
        this.capacity = capacity;
    }

    // Getting

    /** As {@link #poll}; if there is none, {@code getter} waits. */
    @Nullable
    T pollOrWait(Party<T> getter) {
        T element = poll();
        if (element == null) {
            wait(getter, getters);
        }
        return element;
    }

    /** Takes the element on which {@code getter} has a claim; throws if it has none as this was closed. */
    T pollGranted(Party<T> getter) {
        if (getter.turn != Party.Turn.GRANTED) {
            throw closedAndEmpty();
        }
        end(getter, grantedGetters);
        T element = elements.remove();
        match();
        return element;
    }

    /** Takes an element that is not claimed, null if there is none; throws if there never will be. */
    @Nullable
    T poll() {
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

    /** As {@link #offer}; if there is none, {@code putter} waits. */
    boolean offerOrWait(Party<?> putter, T element) {
        boolean offered = offer(element);
        if (!offered) {
            wait(putter, putters);
        }
        return offered;
    }

    /** Puts {@code element} where {@code putter} has a claim; throws if this was closed. */
    void offerGranted(Party<?> putter, T element) {
        if (putter.turn == Party.Turn.GRANTED) {
            end(putter, grantedPutters);
        }
        requireOpen();
        elements.add(element);
        match();
    }

    /** Puts {@code element} in if there is room that is not claimed; throws if this is closed. */
    boolean offer(T element) {
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
        boolean getter = party instanceof SharedGet;
        if (party.turn == Party.Turn.WAITING) {
            end(party, getter ? getters : putters);
        } else if (party.turn == Party.Turn.GRANTED) {
            end(party, getter ? grantedGetters : grantedPutters);
            match();
        }
    }

    /** Closes the queue. */
    void close() {
        closed = true;
        freeAbandoned(grantedGetters);
        match();
    }

    /** Adds nothing more to {@code wakeups}. */
    void close(Wakeups wakeups) {
        sent.remove(wakeups.loop, wakeups);
    }

    // Matching

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
        Party<?> party = Objects.requireNonNull(line.first());
        boolean closed = party.loop().isClosed();
        if (!closed) {
            wake(party); // first, as there may be no memory for it
        }
        line.remove(party);
        if (closed) {
            party.turn = Party.Turn.OVER; // it is never going to run
            return;
        }
        party.turn = Party.Turn.GRANTED;
        granted.add(party);
    }

    private void wakeAll(Line line) {
        while (line.size() > 0) {
            Party<?> party = Objects.requireNonNull(line.first());
            wake(party);
            party.turn = Party.Turn.OVER;
            line.remove(party);
        }
    }

    private void wake(Party<?> party) {
        EventLoop loop = party.loop();
        Wakeups wakeups = sent.get(loop);
        if (wakeups == null) {
            wakeups = new Wakeups(channel, loop, toSend);
            sent.put(loop, wakeups);
            toSend = wakeups;
        }
        wakeups.parties.add(party);
    }

    /** Called whenever something has changed; what throws has changed nothing that somebody waits for. */
    @Nullable
    Wakeups takeToSend() {
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

    /** Takes those out whose loop is closed. */
    void removeClosed() {
        getters.removeClosed();
        putters.removeClosed();
        grantedGetters.removeClosed();
        grantedPutters.removeClosed();
        sent.keySet().removeIf(EventLoop::isClosed);
        match();
    }

    private void requireOpen() {
        if (closed) {
            throw new QueueShutDownException("queue is closed: " + this + "; nothing can be put into it any more");
        }
    }

    private QueueShutDownException closedAndEmpty() {
        return new QueueShutDownException("queue is closed and empty: " + this + "; there is no more to get");
    }

    // What is told

    int size() {
        return elements.size();
    }

    boolean isClosed() {
        return closed;
    }

    /** What the queue's {@code toString} gives. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("<SharedQueue size=").append(elements.size());
        if (capacity < Integer.MAX_VALUE) {
            text.append('/').append(capacity);
        }
        int getting = getters.size() + grantedGetters.size();
        int putting = putters.size() + grantedPutters.size();
        text.append(getting > 0 ? " getters=" + getting : "");
        text.append(putting > 0 ? " putters=" + putting : "");
        return text.append(closed ? " closed>" : ">").toString();
    }
}
