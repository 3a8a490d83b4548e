// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Holds the items of a queue. A subclass defines their order. Items may be null.
 *
 * @param <T> the type of the items
 */
abstract class Items<T extends @Nullable Object> {

    /** Does everything that may fail in advance, so that {@link #add} cannot fail halfway. */
    abstract void prepare(T item);

    /** Adds {@code item}, for which {@link #prepare} has just been called. */
    abstract void add(T item);

    /** As {@link #prepare}, for {@link #remove}. */
    void prepareRemoval() {}

    /** Removes and returns the next item. There must be one, and {@link #prepareRemoval} has just been called. */
    abstract T remove();

    abstract int size();

    /** Drops all items. */
    abstract void clear();

    /** Returns the name of the order. */
    abstract String order();

    /** First in, first out: a ring that doubles when it is full. */
    static final class Fifo<T extends @Nullable Object> extends Items<T> {

        /** The length is a power of two. */
        private @Nullable Object[] ring = new @Nullable Object[8];

        /** The index of the oldest item. */
        private int head;

        private int size;

        @Override
        void prepare(T item) {
            if (size == ring.length) {
                grow();
            }
        }

        @Override
        void add(T item) {
            ring[(head + size) & (ring.length - 1)] = item;
            size++;
        }

        private void grow() {
            @Nullable Object[] larger = new @Nullable Object[Math.multiplyExact(ring.length, 2)];
            int toEnd = ring.length - head;
            System.arraycopy(ring, head, larger, 0, toEnd);
            System.arraycopy(ring, 0, larger, toEnd, head);
            ring = larger;
            head = 0;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // only items are in the ring, null where that is one
        T remove() {
            T item = (T) ring[head];
            ring[head] = null;
            head = (head + 1) & (ring.length - 1);
            size--;
            return item;
        }

        @Override
        int size() {
            return size;
        }

        @Override
        void clear() {
            Arrays.fill(ring, null);
            head = 0;
            size = 0;
        }

        @Override
        String order() {
            return "fifo";
        }
    }

    /** Last in, first out. */
    static final class Lifo<T extends @Nullable Object> extends Items<T> {

        private @Nullable Object[] stack = new @Nullable Object[8];
        private int size;

        @Override
        void prepare(T item) {
            if (size == stack.length) {
                stack = Arrays.copyOf(stack, Math.multiplyExact(size, 2));
            }
        }

        @Override
        void add(T item) {
            stack[size] = item;
            size++;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // only items are in the stack, null where that is one
        T remove() {
            size--;
            T item = (T) stack[size];
            stack[size] = null;
            return item;
        }

        @Override
        int size() {
            return size;
        }

        @Override
        void clear() {
            Arrays.fill(stack, 0, size, null);
            size = 0;
        }

        @Override
        String order() {
            return "lifo";
        }
    }

    /**
     * Least first: a binary heap that moves items exactly as Python's {@code heapq} does, so that equal items are removed in the same
     * order. A removed item is replaced by the last one, which moves down to a leaf and then up to its place.
     *
     * <p>Items are compared before any is moved, so a comparator that throws changes nothing. The heap of CPython loses items.
     */
    static final class Priority<T extends @Nullable Object> extends Items<T> {

        private @Nullable Object[] heap = new @Nullable Object[8];
        private int size;
        private final Comparator<? super T> comparator;

        /** The index for the item that is added, or for the last item, which moves when the first is removed. */
        private int place;

        Priority(Comparator<? super T> comparator) {
            this.comparator = comparator;
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // only items are in the heap, null where that is one
        private T get(int index) {
            return (T) heap[index];
        }

        @Override
        void prepare(T item) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, Math.multiplyExact(size, 2));
            }
            int found = size;
            while (found > 0 && comparator.compare(item, get(parent(found))) < 0) {
                found = parent(found);
            }
            place = found;
        }

        @Override
        void add(T item) {
            int free = size;
            while (free != place) {
                int above = (free - 1) / 2;
                heap[free] = heap[above];
                free = above;
            }
            heap[free] = item;
            size++;
        }

        @Override
        void prepareRemoval() {
            int rest = size - 1;
            T last = get(rest);
            int found = leaf(rest);
            // Each item on the path from the root to the leaf moves up by one place.
            while (found > 0 && comparator.compare(last, get(found)) < 0) {
                found = parent(found);
            }
            place = found;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // as above
        T remove() {
            size--;
            Object moved = heap[size];
            heap[size] = null;
            if (size == 0) {
                return (T) moved;
            }
            for (int free = place; free > 0; free = (free - 1) / 2) {
                Object above = heap[free];
                heap[free] = moved;
                moved = above;
            }
            Object first = heap[0];
            heap[0] = moved;
            return (T) first;
        }

        /** Returns the leaf that is reached by always following the lesser child, among the first {@code end} items. */
        private int leaf(int end) {
            int found = 0;
            int child = 1;
            while (child < end) {
                int right = child + 1;
                if (right < end && comparator.compare(get(child), get(right)) >= 0) {
                    child = right;
                }
                found = child;
                child = 2 * found + 1;
            }
            return found;
        }

        private static int parent(int place) {
            return (place - 1) / 2;
        }

        @Override
        int size() {
            return size;
        }

        @Override
        void clear() {
            Arrays.fill(heap, 0, size, null);
            size = 0;
        }

        @Override
        String order() {
            return "priority";
        }
    }
}
