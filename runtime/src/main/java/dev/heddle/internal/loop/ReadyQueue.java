// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the steps that a loop is going to run, first in, first out. It is a ring that doubles when it is full. Except for {@link #taken},
 * it is used on the loop's thread.
 *
 * <p>A method that throws because the stack overflows or memory is exhausted has changed nothing.
 *
 * <p>The entry that was taken last stays in its place until the next one is taken, so that the running step need not be stored elsewhere:
 * storing a reference into an object as old as a loop costs more than a plain store.
 *
 * @param <E> the type of the entries
 */
public final class ReadyQueue<E> {

    private static final int INITIAL_CAPACITY = 64;

    /** A ring without room, in which every addition takes the slow path. */
    private static final @Nullable Object[] FULL = new @Nullable Object[1];

    /** A ring larger than this shrinks when it is nearly empty. */
    private static final int LARGEST_KEPT = 1 << 16;

    /** The length is a power of two; index {@code i} is kept at {@code i & (length - 1)}. */
    private @Nullable Object[] ring = new @Nullable Object[INITIAL_CAPACITY];

    /** The index of the oldest entry. It only grows, and may wrap. */
    private int head;

    /** The index after the newest entry. It only grows, and may wrap. */
    private int tail;

    /** Receives what is added, or null. While this is set, {@link #ring} is {@link #FULL}. */
    private @Nullable Consumer<? super E> receiver;

    /** The ring that is used again after a diversion. */
    private @Nullable Object[] kept = ring;

    /** Creates an empty queue. */
    public ReadyQueue() {}

    /** Returns the number of entries. */
    public int size() {
        return tail - head;
    }

    /** Whether the queue is empty. */
    public boolean isEmpty() {
        return head == tail;
    }

    /** Appends {@code entry}. */
    public void add(E entry) {
        @Nullable Object[] target = ring;
        if (tail - head == target.length - 1) { // one place is reserved for the entry taken last
            if (receiver != null) {
                receiver.accept(entry);
                return;
            }
            target = grow();
        }
        target[tail & (target.length - 1)] = entry;
        tail++;
    }

    /** Appends the first {@code count} of {@code entries}. If this method throws, none is appended. */
    @SuppressWarnings("unchecked") // the caller's entries are of this queue's kind
    public void addAll(@Nullable Object[] entries, int count) {
        if (receiver != null) {
            for (int i = 0; i < count; i++) {
                add((E) Objects.requireNonNull(entries[i]));
            }
            return;
        }
        while (tail - head >= ring.length - count) {
            grow();
        }
        @Nullable Object[] target = ring;
        for (int i = 0; i < count; i++) {
            target[(tail + i) & (target.length - 1)] = entries[i];
        }
        tail += count;
    }

    /** Passes everything that is added from now on to {@code receiver} instead, until {@link #endDiversion} is called. The queue must be empty. */
    public void divert(Consumer<? super E> receiver) {
        kept = ring;
        ring = FULL;
        this.receiver = receiver;
    }

    /** Undoes {@link #divert}. Does nothing if nothing is diverted. */
    public void endDiversion() {
        if (receiver != null) {
            receiver = null;
            ring = kept;
        }
    }

    /**
     * Takes the oldest entry and drops the entry taken before.
     *
     * @throws NoSuchElementException if the queue is empty
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

    /** Returns the entry taken last, or null if it was dropped. May be called on any thread; other threads may see an older entry. */
    public @Nullable Object taken() {
        @Nullable Object[] source = ring;
        return source[(head - 1) & (source.length - 1)];
    }

    /** Drops the entry taken last. A large ring that is nearly empty shrinks. */
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

    /** Passes every entry to {@code receiver}, the oldest first. The entry taken last comes before them, unless it was dropped. */
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
        receiver = null;
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
