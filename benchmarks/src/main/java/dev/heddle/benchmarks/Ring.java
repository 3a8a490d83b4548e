// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

/** A first-in, first-out queue of fixed capacity: the least possible ready queue. */
final class Ring<E> {

    private final Object[] elements;
    private final int mask;
    private int head;
    private int tail;

    /** A ring with room for {@code capacity} elements, at least. */
    Ring(int capacity) {
        int length = Integer.highestOneBit(Math.max(capacity, 2) * 2 - 1);
        elements = new Object[length];
        mask = length - 1;
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** Adds {@code element}; there has to be room. */
    void add(E element) {
        elements[tail++ & mask] = element;
    }

    /** Takes the oldest element; there has to be one. */
    @SuppressWarnings("unchecked")
    E remove() {
        return (E) elements[head++ & mask];
    }
}
