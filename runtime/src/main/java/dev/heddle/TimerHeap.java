package dev.heddle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop by deadline, those with the same deadline in the order in which they were added: a heap in which
 * each entry has four children. An entry is a {@link Sleep} or a {@link TimerHandle}, and knows its place, so that cancelling it takes
 * it out. The keys are beside the entries, and not in them, so that finding the least of four children touches little memory.
 *
 * <p>Difference from asyncio, whose heap keeps cancelled timers until they are due or too many, and orders equal deadlines
 * by chance.
 */
final class TimerHeap {

    private static final int INITIAL_CAPACITY = 16;
    private static final int SHRINK_ABOVE = 1024;

    /** Above this a heap grows by a quarter, as its slack is then more than the copying is worth. */
    private static final int LARGE = 1 << 16;

    /** Two of these make the key of an entry: the deadline in nanoseconds, then how many entries were added before it. */
    private long[] keys = new long[2 * INITIAL_CAPACITY];

    private @Nullable Object[] entries = new @Nullable Object[INITIAL_CAPACITY];
    private int size;
    private long added;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The earliest deadline. There has to be one. */
    long firstDeadline() {
        return keys[0];
    }

    void add(Object entry, long deadline) {
        if (size == entries.length) {
            resize(size < LARGE ? 2 * size : size + (size >> 2));
        }
        siftUp(size++, entry, deadline, added++);
    }

    /** Takes the entry with the earliest deadline. */
    Object removeFirst() {
        return removeAt(0);
    }

    /** Takes the entry at {@code index}, which is the one it was told last. */
    Object removeAt(int index) {
        Object removed = entry(index);
        int last = --size;
        Object moved = entry(last);
        long deadline = keys[2 * last];
        long order = keys[2 * last + 1];
        entries[last] = null;
        if (index != last) {
            if (index > 0 && precedes(deadline, order, (index - 1) >> 2)) {
                siftUp(index, moved, deadline, order);
            } else {
                siftDown(index, moved, deadline, order);
            }
        }
        if (size > SHRINK_ABOVE && size < entries.length >> 2) {
            resize(entries.length >> 1);
        }
        return removed;
    }

    /** Drops every entry, which then has no place here. */
    void clear() {
        for (int index = 0; index < size; index++) {
            if (entry(index) instanceof Sleep<?> sleep) {
                sleep.dropped();
            } else {
                ((TimerHandle) entry(index)).due();
            }
        }
        size = 0;
        keys = new long[2 * INITIAL_CAPACITY];
        entries = new @Nullable Object[INITIAL_CAPACITY];
    }

    private void siftUp(int from, Object entry, long deadline, long order) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >> 2;
            if (!precedes(deadline, order, parent)) {
                break;
            }
            put(index, entry(parent), keys[2 * parent], keys[2 * parent + 1]);
            index = parent;
        }
        put(index, entry, deadline, order);
    }

    private void siftDown(int from, Object entry, long deadline, long order) {
        int index = from;
        while (4 * index + 1 < size) {
            int child = leastChild(4 * index + 1);
            if (precedes(deadline, order, child)) {
                break;
            }
            put(index, entry(child), keys[2 * child], keys[2 * child + 1]);
            index = child;
        }
        put(index, entry, deadline, order);
    }

    private int leastChild(int first) {
        int least = first;
        int end = Math.min(first + 4, size);
        for (int child = first + 1; child < end; child++) {
            if (precedes(keys[2 * child], keys[2 * child + 1], least)) {
                least = child;
            }
        }
        return least;
    }

    /** Whether a key comes before that at {@code index}. No two keys are equal. */
    private boolean precedes(long deadline, long order, int index) {
        long other = keys[2 * index];
        return deadline < other || (deadline == other && order < keys[2 * index + 1]);
    }

    private void put(int index, Object entry, long deadline, long order) {
        entries[index] = entry;
        keys[2 * index] = deadline;
        keys[2 * index + 1] = order;
        if (entry instanceof Sleep<?> sleep) {
            sleep.place = index;
        } else {
            ((TimerHandle) entry).place = index;
        }
    }

    private Object entry(int index) {
        Object entry = entries[index];
        if (entry == null) {
            throw new IllegalStateException("no timer at " + index + " of " + size);
        }
        return entry;
    }

    private void resize(int capacity) {
        keys = Arrays.copyOf(keys, 2 * capacity);
        entries = Arrays.copyOf(entries, capacity);
    }
}
