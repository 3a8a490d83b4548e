package dev.heddle.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in a queue, in an order of its own. Null may be among it.
 *
 * @param <T> the type of the items
 */
abstract class Items<T extends @Nullable Object> {

    /** Takes {@code item} in. */
    abstract void add(T item);

    /** Takes the item out that comes next. There has to be one. */
    abstract T remove();

    abstract int size();

    /** Drops all items. */
    abstract void clear();

    /** The name of the order. */
    abstract String order();

    /** First in, first out: a ring that doubles when it is full. */
    static final class Fifo<T extends @Nullable Object> extends Items<T> {

        /** The length is a power of two. */
        private @Nullable Object[] ring = new @Nullable Object[8];

        /** The index of the oldest item. */
        private int head;

        private int size;

        @Override
        void add(T item) {
            if (size == ring.length) {
                grow();
            }
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

        private final List<T> stack = new ArrayList<>();

        @Override
        void add(T item) {
            stack.add(item);
        }

        @Override
        T remove() {
            return stack.remove(stack.size() - 1);
        }

        @Override
        int size() {
            return stack.size();
        }

        @Override
        void clear() {
            stack.clear();
        }

        @Override
        String order() {
            return "lifo";
        }
    }

    /**
     * The least first: a binary heap that moves items exactly as Python's {@code heapq} does, so that equal ones come out in the same order as
     * there. One that is taken out is replaced by the last, which goes down to a leaf and then up to its place.
     *
     * <p>Items are compared before any is moved: a comparator that throws changes nothing. That of CPython loses items.
     */
    static final class Priority<T extends @Nullable Object> extends Items<T> {

        private final List<T> heap = new ArrayList<>();
        private final Comparator<? super T> comparator;

        Priority(Comparator<? super T> comparator) {
            this.comparator = comparator;
        }

        @Override
        void add(T item) {
            int place = heap.size();
            while (place > 0 && comparator.compare(item, heap.get(parent(place))) < 0) {
                place = parent(place);
            }
            int free = heap.size();
            heap.add(item);
            while (free != place) {
                heap.set(free, heap.get(parent(free)));
                free = parent(free);
            }
            heap.set(place, item);
        }

        @Override
        T remove() {
            int size = heap.size() - 1;
            T last = heap.get(size);
            int place = leaf(size);
            // Each item on the way from the root to the leaf is going to be one place higher.
            while (place > 0 && comparator.compare(last, heap.get(place)) < 0) {
                place = parent(place);
            }
            heap.remove(size);
            if (size == 0) {
                return last;
            }
            T moved = last;
            while (place > 0) {
                moved = heap.set(place, moved);
                place = parent(place);
            }
            return heap.set(0, moved);
        }

        /** The leaf to which the lesser child always leads, among the first {@code size} items. */
        private int leaf(int size) {
            int place = 0;
            int child = 1;
            while (child < size) {
                int right = child + 1;
                if (right < size && comparator.compare(heap.get(child), heap.get(right)) >= 0) {
                    child = right;
                }
                place = child;
                child = 2 * place + 1;
            }
            return place;
        }

        private static int parent(int place) {
            return (place - 1) / 2;
        }

        @Override
        int size() {
            return heap.size();
        }

        @Override
        void clear() {
            heap.clear();
        }

        @Override
        String order() {
            return "priority";
        }
    }
}
