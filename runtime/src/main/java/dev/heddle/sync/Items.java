package dev.heddle.sync;

import java.util.ArrayList;
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
        String order() {
            return "lifo";
        }
    }

    /**
     * The least first: a binary heap that moves items exactly as Python's {@code heapq} does, so that equal ones come out in the same order as
     * there. One that is taken out is replaced by the last, which goes down to a leaf and then up to its place.
     */
    static final class Priority<T extends @Nullable Object> extends Items<T> {

        private final List<T> heap = new ArrayList<>();
        private final Comparator<? super T> comparator;

        Priority(Comparator<? super T> comparator) {
            this.comparator = comparator;
        }

        @Override
        void add(T item) {
            heap.add(item);
            rise(heap.size() - 1);
        }

        @Override
        T remove() {
            T last = heap.remove(heap.size() - 1);
            if (heap.isEmpty()) {
                return last;
            }
            T least = heap.get(0);
            int place = 0;
            int child = 1;
            while (child < heap.size()) {
                int right = child + 1;
                if (right < heap.size() && comparator.compare(heap.get(child), heap.get(right)) >= 0) {
                    child = right;
                }
                heap.set(place, heap.get(child));
                place = child;
                child = 2 * place + 1;
            }
            heap.set(place, last);
            rise(place);
            return least;
        }

        /** Moves the item at {@code start} up to its place. */
        private void rise(int start) {
            T item = heap.get(start);
            int place = start;
            while (place > 0) {
                int parent = (place - 1) / 2;
                if (comparator.compare(item, heap.get(parent)) >= 0) {
                    break;
                }
                heap.set(place, heap.get(parent));
                place = parent;
            }
            heap.set(place, item);
        }

        @Override
        int size() {
            return heap.size();
        }

        @Override
        String order() {
            return "priority";
        }
    }
}
