package dev.heddle.workers;

import org.jspecify.annotations.Nullable;

/** Those who wait at a channel for one thing, the first first. Guarded by the channel's lock. */
final class Line {

    private @Nullable Party<?> first;
    private @Nullable Party<?> last;
    private int size;

    int size() {
        return size;
    }

    void add(Party<?> party) {
        Party<?> before = last;
        party.previous = before;
        if (before == null) {
            first = party;
        } else {
            before.next = party;
        }
        last = party;
        size++;
    }

    /** The first, null if there is nobody. */
    @Nullable
    Party<?> first() {
        return first;
    }

    /** Takes {@code party} out, which is in. */
    void remove(Party<?> party) {
        Party<?> before = party.previous;
        Party<?> after = party.next;
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
        party.previous = null;
        party.next = null;
        size--;
    }

    /** Takes those out whose loop is closed. */
    void removeClosed() {
        Party<?> party = first;
        while (party != null) {
            Party<?> following = party.next;
            if (party.loop().isClosed()) {
                remove(party);
                party.turn = Party.Turn.OVER;
            }
            party = following;
        }
    }
}
