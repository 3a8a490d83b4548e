package dev.heddle;

import dev.heddle.coroutines.StackRoom;
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
 * <p>A stack that overflows, or memory that is short, leaves the heap as it was: each change is made by code that allocates nothing, and calls nothing
 * or has made sure of room on the stack, after all that might fail.
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
        siftUp(size, entry, deadline, order);
        size++;
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

    /** Counts {@code handle} as cancelled, which is here and says so from now on. */
    void cancel(TimerHandle handle) {
        handle.disarm();
        cancelled++;
        if (cancelled == size || (size > CLEARED_ABOVE && cancelled > size >> 1)) {
            try {
                clearOfCancelled();
                shrink();
            } catch (StackOverflowError | OutOfMemoryError later) {
                // The heap is whole. The next call does what is left.
            }
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
            removeAt(0);
            cancelled--;
        }
    }

    private boolean isCancelled(int index) {
        return !isTask(index) && ((TimerHandle) entry(index)).isCancelled();
    }

    /** Takes out whatever is cancelled, in place. Nothing fails after the first line: what comes then allocates nothing, and has room on the stack. */
    private void clearOfCancelled() {
        StackRoom.require();
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
            siftDown(index, entry(index), keys[2 * index], keys[2 * index + 1], size);
        }
    }

    private void shrink() {
        if (entries.length > LARGEST_KEPT && size < entries.length >> 4) {
            resize(entries.length >> 3);
        }
    }

    // The heap

    private Object removeAt(int index) {
        shrink();
        Object removed = entry(index);
        int last = size - 1;
        if (index != last) {
            Object moved = entry(last);
            long deadline = keys[2 * last];
            long order = keys[2 * last + 1];
            if (index > 0 && precedes(deadline, order, (index - 1) >> 2)) {
                siftUp(index, moved, deadline, order);
            } else {
                siftDown(index, moved, deadline, order, last);
            }
        }
        entries[last] = null;
        size = last;
        return removed;
    }

    /** Puts {@code entry} at {@code free} or above. This calls nothing, and so changes everything or, if it cannot be called, nothing. */
    private void siftUp(int free, Object entry, long deadline, long order) {
        long[] heapKeys = keys;
        @Nullable Object[] heap = entries;
        int index = free;
        while (index > 0) {
            int parent = (index - 1) >> 2;
            long other = heapKeys[2 * parent];
            long otherOrder = heapKeys[2 * parent + 1];
            if (deadline > other || (deadline == other && order > otherOrder)) {
                break;
            }
            Object above = Objects.requireNonNull(heap[parent]);
            heap[index] = above;
            heapKeys[2 * index] = other;
            heapKeys[2 * index + 1] = otherOrder;
            if ((otherOrder & TASK) != 0) {
                ((Task<?>) above).place = index;
            }
            index = parent;
        }
        heap[index] = entry;
        heapKeys[2 * index] = deadline;
        heapKeys[2 * index + 1] = order;
        if ((order & TASK) != 0) {
            ((Task<?>) entry).place = index;
        }
    }

    /** Puts {@code entry} at {@code free} or below, among the first {@code end} entries. It calls nothing, as {@link #siftUp}. */
    private void siftDown(int free, Object entry, long deadline, long order, int end) {
        long[] heapKeys = keys;
        @Nullable Object[] heap = entries;
        int index = free;
        while (4 * index + 1 < end) {
            int child = 4 * index + 1;
            long least = heapKeys[2 * child];
            long leastOrder = heapKeys[2 * child + 1];
            int childrenEnd = child + 4 < end ? child + 4 : end;
            for (int each = child + 1; each < childrenEnd; each++) {
                long other = heapKeys[2 * each];
                if (other < least || (other == least && heapKeys[2 * each + 1] < leastOrder)) {
                    child = each;
                    least = other;
                    leastOrder = heapKeys[2 * each + 1];
                }
            }
            if (deadline < least || (deadline == least && order < leastOrder)) {
                break;
            }
            Object below = Objects.requireNonNull(heap[child]);
            heap[index] = below;
            heapKeys[2 * index] = least;
            heapKeys[2 * index + 1] = leastOrder;
            if ((leastOrder & TASK) != 0) {
                ((Task<?>) below).place = index;
            }
            index = child;
        }
        heap[index] = entry;
        heapKeys[2 * index] = deadline;
        heapKeys[2 * index + 1] = order;
        if ((order & TASK) != 0) {
            ((Task<?>) entry).place = index;
        }
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

    private void resize(int capacity) {
        long[] newKeys = Arrays.copyOf(keys, 2 * capacity);
        entries = Arrays.copyOf(entries, capacity);
        keys = newKeys;
    }
}
