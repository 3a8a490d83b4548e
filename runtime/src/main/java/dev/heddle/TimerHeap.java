package dev.heddle;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop by deadline, those with the same deadline in the order in which they were added: a heap in which each
 * entry has four children. The keys are beside the entries, and not in them, so that finding the least of four children touches
 * little memory.
 *
 * <p>An entry is a {@link Task} that sleeps, or a {@link TimerHandle}. A task knows its place, and is taken out when its sleep is
 * cancelled. A handle that is cancelled stays, holding nothing, until it is the first, or half of a large heap or all are such handles: most
 * timeouts are cancelled long before their time, which so costs next to nothing, and moving a handle does not touch it.
 *
 * <p>Difference from asyncio, which keeps cancelled sleeps as well, and orders equal deadlines by chance.
 */
final class TimerHeap {

    private static final int INITIAL_CAPACITY = 16;

    /** A heap larger than this shrinks when it is nearly empty. */
    private static final int LARGEST_KEPT = 1 << 14;

    /** Above this a heap grows by a quarter, as its slack is then more than the copying is worth. */
    private static final int LARGE = 1 << 20;

    /** As in asyncio: a heap with fewer entries is not cleared of cancelled ones. */
    private static final int CLEARED_ABOVE = 100;

    /** The bit of an entry's order that tells tasks from handles, so that moving a handle need not look at it. */
    private static final long TASK = 1;

    /** Two of these make the key of an entry: the deadline in nanoseconds, then twice the number of those added before it, and {@code TASK}. */
    private long[] keys = new long[2 * INITIAL_CAPACITY];

    private @Nullable Object[] entries = new @Nullable Object[INITIAL_CAPACITY];

    /** How many entries there are, cancelled handles included. */
    private int size;

    /** How many entries are cancelled handles. */
    private int cancelled;

    private long added;

    boolean isEmpty() {
        return size == cancelled;
    }

    /** How many timers run. */
    int size() {
        return size - cancelled;
    }

    /** How many timers there are, cancelled ones included. */
    int places() {
        return size;
    }

    /** The earliest deadline. There has to be one. */
    long firstDeadline() {
        dropCancelled();
        return keys[0];
    }

    /** Adds {@code task}, which does not sleep yet. */
    void add(Task<?> task, long deadline) {
        add(task, deadline, 2 * added++ + TASK);
    }

    void add(TimerHandle handle, long deadline) {
        add(handle, deadline, 2 * added++);
    }

    private void add(Object entry, long deadline, long order) {
        if (size == entries.length) {
            resize(size < LARGE ? 2 * size : size + (size >> 2));
        }
        siftUp(size++, entry, deadline, order);
    }

    /** Takes the entry with the earliest deadline. There has to be one. */
    Object removeFirst() {
        dropCancelled();
        return removeAt(0);
    }

    /** Takes out {@code task}, which is in. */
    void remove(Task<?> task) {
        removeAt(task.place);
    }

    /** Says that a handle that is here was cancelled. */
    void cancelled() {
        cancelled++;
        if (cancelled == size || (size > CLEARED_ABOVE && cancelled > size >> 1)) {
            clearOfCancelled();
        }
    }

    /** Gives every task that sleeps to {@code receiver}. */
    void forEachTask(Consumer<Task<?>> receiver) {
        for (int index = 0; index < size; index++) {
            if (isTask(index)) {
                receiver.accept((Task<?>) entry(index));
            }
        }
    }

    /** Drops every entry, which then has no place here. */
    void clear() {
        for (int index = 0; index < size; index++) {
            if (isTask(index)) {
                ((Task<?>) entry(index)).place = Alarm.NOWHERE;
            } else {
                ((TimerHandle) entry(index)).due();
            }
        }
        size = 0;
        cancelled = 0;
        keys = new long[2 * INITIAL_CAPACITY];
        entries = new @Nullable Object[INITIAL_CAPACITY];
    }

    // Cancelled handles

    /** Takes out what is cancelled at the top. */
    private void dropCancelled() {
        while (cancelled > 0 && isCancelled(0)) {
            cancelled--;
            removeAt(0);
        }
    }

    private boolean isCancelled(int index) {
        return !isTask(index) && ((TimerHandle) entry(index)).isCancelled();
    }

    /** Takes out whatever is cancelled. */
    private void clearOfCancelled() {
        int kept = 0;
        for (int index = 0; index < size; index++) {
            if (!isCancelled(index)) {
                put(kept++, entry(index), keys[2 * index], keys[2 * index + 1]);
            }
        }
        Arrays.fill(entries, kept, size, null);
        size = kept;
        cancelled = 0;
        for (int index = (size - 2) >> 2; index >= 0 && size > 1; index--) { // from the last that has children
            siftDown(index, entry(index), keys[2 * index], keys[2 * index + 1]);
        }
        shrink();
    }

    // The heap

    private Object removeAt(int index) {
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
        shrink();
        return removed;
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
        if ((order & TASK) != 0) {
            ((Task<?>) entry).place = index;
        }
    }

    private boolean isTask(int index) {
        return (keys[2 * index + 1] & TASK) != 0;
    }

    private Object entry(int index) {
        return Objects.requireNonNull(entries[index], "no timer here");
    }

    private void shrink() {
        if (entries.length > LARGEST_KEPT && size < entries.length >> 4) {
            resize(entries.length >> 3);
        }
    }

    private void resize(int capacity) {
        keys = Arrays.copyOf(keys, 2 * capacity);
        entries = Arrays.copyOf(entries, capacity);
    }
}
