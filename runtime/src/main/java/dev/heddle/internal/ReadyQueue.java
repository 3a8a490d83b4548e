package dev.heddle.internal;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** What a loop is going to run, first in first out: a ring that doubles when it is full. Used by the loop's thread only. */
public final class ReadyQueue {

    private static final int INITIAL_CAPACITY = 64;

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
    public void add(Object entry) {
        @Nullable Object[] target = ring;
        if (tail - head == target.length) {
            target = grow();
        }
        target[tail & (target.length - 1)] = entry;
        tail++;
    }

    /**
     * Takes the oldest entry.
     *
     * @throws NoSuchElementException if there is none
     */
    public Object remove() {
        @Nullable Object[] source = ring;
        int slot = head & (source.length - 1);
        Object entry = source[slot];
        if (entry == null) {
            throw new NoSuchElementException("nothing is ready");
        }
        source[slot] = null;
        head++;
        return entry;
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
        int start = head & (full.length - 1);
        System.arraycopy(full, start, larger, 0, full.length - start);
        System.arraycopy(full, 0, larger, full.length - start, start);
        head = 0;
        tail = full.length;
        ring = larger;
        return larger;
    }
}
