// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out buffer whose array doubles when it is full. Guarded by the lock of the {@link QueueState}. Unlike an {@code ArrayDeque},
 * a method that throws has changed nothing: each makes its calls and allocations before its first store.
 */
final class RingBuffer<T> {

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

    /** Removes the oldest element. The buffer must not be empty. */
    @SuppressWarnings("unchecked") // only elements are in the ring
    T remove() {
        T element = (T) Objects.requireNonNull(ring[head], "there is no element");
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return element;
    }
}
