package dev.heddle.internal.loop;

import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a loop is going to run, first in first out: a ring that doubles when it is full. Used by the loop's thread only, but for {@link #taken}.
 *
 * <p>A method that throws, as the stack overflows or memory is short, has changed nothing.
 *
 * <p>The entry that was taken last stays in its place until the next is taken, so that nobody need store what runs: a store of a reference
 * into an object as old as a loop costs more than a plain one.
 *
 * @param <E> the type of the entries
 */
public final class ReadyQueue<E> {

    private static final int INITIAL_CAPACITY = 64;

    /** A ring larger than this shrinks when it is nearly empty. */
    private static final int LARGEST_KEPT = 1 << 16;

    /** The length is a power of two; index {@code i} is kept at {@code i & (length - 1)}. */
    private @Nullable Object[] ring = new @Nullable Object[INITIAL_CAPACITY];

    /** The index of the oldest entry. It only grows, and may wrap. */
    private int head;

    /** The index after the newest entry. It only grows, and may wrap. */
    private int tail;

    /** An empty queue. */
    public ReadyQueue() {}

    /** How many entries there are. */
    public int size() {
        return tail - head;
    }

    /** Whether there is no entry. */
    public boolean isEmpty() {
        return head == tail;
    }

    /** Appends {@code entry}. */
    public void add(E entry) {
        @Nullable Object[] target = ring;
        if (tail - head == target.length - 1) { // the last place is that of the entry taken
            target = grow();
        }
        target[tail & (target.length - 1)] = entry;
        tail++;
    }

    /** Appends the first {@code count} of {@code entries}, or if it throws none. */
    public void addAll(@Nullable Object[] entries, int count) {
        while (tail - head >= ring.length - count) {
            grow();
        }
        @Nullable Object[] target = ring;
        for (int i = 0; i < count; i++) {
            target[(tail + i) & (target.length - 1)] = entries[i];
        }
        tail += count;
    }

    /**
     * Takes the oldest entry, and drops the one taken before.
     *
     * @throws NoSuchElementException if there is none
     */
    @SuppressWarnings("unchecked") // only such entries were added
    public E remove() {
        @Nullable Object[] source = ring;
        int mask = source.length - 1;
        Object entry = source[head & mask];
        if (entry == null) {
            throw new NoSuchElementException("nothing is ready");
        }
        source[(head - 1) & mask] = null;
        head++;
        return (E) entry;
    }

    /** The entry taken last, null if it was dropped. On another thread it may be an older one. */
    public @Nullable Object taken() {
        @Nullable Object[] source = ring;
        return source[(head - 1) & (source.length - 1)];
    }

    /** Drops the entry taken last. A ring that many entries were in, of which few are left, becomes smaller. */
    public void drop() {
        ring[(head - 1) & (ring.length - 1)] = null;
        if (ring.length > LARGEST_KEPT && size() < ring.length >> 4) {
            shrink();
        }
    }

    private void shrink() {
        @Nullable Object[] smaller = new @Nullable Object[ring.length >> 3];
        for (int index = head; index != tail; index++) {
            smaller[index - head] = ring[index & (ring.length - 1)];
        }
        tail -= head;
        head = 0;
        ring = smaller;
    }

    /** Gives every entry to {@code receiver}, the oldest first, and before them the one taken last if it was not dropped. */
    @SuppressWarnings("unchecked") // only such entries were added
    public void forEach(Consumer<? super E> receiver) {
        for (int index = head - 1; index != tail; index++) {
            Object entry = ring[index & (ring.length - 1)];
            if (entry != null) {
                receiver.accept((E) entry);
            }
        }
    }

    /** Drops every entry. */
    public void clear() {
        ring = new @Nullable Object[INITIAL_CAPACITY];
        head = 0;
        tail = 0;
    }

    private @Nullable Object[] grow() {
        @Nullable Object[] full = ring;
        if (full.length == 1 << 30) {
            throw new OutOfMemoryError("more than " + full.length + " entries are ready to run");
        }
        @Nullable Object[] larger = new @Nullable Object[full.length * 2];
        int size = tail - head;
        int start = (head - 1) & (full.length - 1);
        System.arraycopy(full, start, larger, 0, full.length - start);
        System.arraycopy(full, 0, larger, full.length - start, start);
        head = 1;
        tail = 1 + size;
        ring = larger;
        return larger;
    }
}
