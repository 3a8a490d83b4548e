package dev.heddle.workers;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a channel, first in first out: a ring that doubles when it is full. Guarded by the channel's lock. Unlike an {@code ArrayDeque}
 * it loses nothing when there is no memory for a larger ring.
 */
final class Elements<T> {

    /** The length is a power of two. */
    private @Nullable Object[] ring = new @Nullable Object[16];

    /** The index of the oldest element. */
    private int head;

    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(T element) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = element;
        size++;
    }

    private void grow() {
        @Nullable Object[] larger = new @Nullable Object[Math.multiplyExact(size, 2)];
        int toEnd = size - head;
        System.arraycopy(ring, head, larger, 0, toEnd);
        System.arraycopy(ring, 0, larger, toEnd, head);
        ring = larger;
        head = 0;
    }

    /** Takes the oldest out. There has to be one. */
    @SuppressWarnings("unchecked") // only elements are in the ring
    T remove() {
        T element = (T) Objects.requireNonNull(ring[head], "there is no element");
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return element;
    }
}
