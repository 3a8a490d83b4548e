// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the timers of a loop, ordered by deadline. Timers with the same deadline are ordered by insertion. It is a heap in which each entry
 * has four children. The keys are stored beside the entries, not in them, so that finding the least of four children touches little memory.
 *
 * <p>There are two kinds of entries. A {@link #sleep sleeping} step knows its index, and is removed when its sleep is cancelled. An {@link
 * #arm armed} step stays in the heap when it is cancelled. It is removed when it becomes the first entry, when half of a large heap is
 * cancelled, or when all entries are. Most timeouts are cancelled long before their deadline; this way that costs next to nothing, and
 * moving an armed entry does not touch the step.
 *
 * <p>A stack overflow or a lack of memory leaves the heap unchanged. Everything that may fail comes first. The code that then makes the
 * change allocates nothing, and either makes no calls or has ensured that there is room on the stack.
 *
 * <p>Differences from asyncio: asyncio also keeps cancelled sleeps, and orders equal deadlines arbitrarily.
 */
public final class TimerHeap {

    private static final int INITIAL_CAPACITY = 16;

    /** A heap larger than this shrinks when it is nearly empty. */
    private static final int LARGEST_KEPT = 1 << 14;

    /** A heap larger than this grows by a quarter: doubling would copy less, but leave too much memory unused. */
    private static final int LARGE = 1 << 20;

    /** A heap with at most this many entries is not cleared of cancelled ones, as in asyncio. */
    private static final int CLEARED_ABOVE = 100;

    /** The bit of an entry's order that is set if the step knows its index. Moving other entries does not touch their steps. */
    private static final long INDEXED = 1;

    /**
     * Two elements make the key of an entry: its deadline in nanoseconds, and its order, which is twice the number of entries added before
     * it, plus {@code INDEXED} if the step sleeps.
     */
    private long[] keys = new long[2 * INITIAL_CAPACITY];

    private @Nullable Object[] entries = new @Nullable Object[INITIAL_CAPACITY];

    /** The number of entries, including cancelled ones. */
    private int size;

    /** The number of cancelled entries. */
    private int cancelled;

    private long added;

    /** Creates a heap without timers. */
    public TimerHeap() {}

    /** Whether there is no timer, not counting cancelled ones. */
    public boolean isEmpty() {
        return size == cancelled;
    }

    /** Returns the number of timers, not counting cancelled ones. */
    public int size() {
        return size - cancelled;
    }

    /** Returns the number of entries, including cancelled ones. */
    public int places() {
        return size;
    }

    /** Returns the earliest deadline. The heap must not be empty. */
    public long firstDeadline() {
        dropCancelled();
        return keys[0];
    }

    /** Adds {@code step}, which must not be a timer yet. {@link #wake} removes it before its deadline. */
    public void sleep(Step step, long deadline) {
        add(step, deadline, 2 * added++ + INDEXED);
    }

    /** Adds {@code step}, which must not be a timer yet. {@link #disarm} cancels it. */
    public void arm(Step step, long deadline) {
        add(step, deadline, 2 * added++);
        step.state = Step.ARMED;
    }

    private void add(Step entry, long deadline, long order) {
        if (size == entries.length) {
            resize(size < LARGE ? 2 * size : size + (size >> 2));
        }
        siftUp(size, entry, deadline, order);
        size++;
    }

    /** Removes and returns the step with the earliest deadline, which is then due. The heap must not be empty. */
    public Step removeFirst() {
        dropCancelled();
        boolean sleeps = isIndexed(0);
        Step first = removeAt(0);
        first.state = sleeps ? Step.DUE : Step.NO_TIMER;
        return first;
    }

    /** Removes {@code step}, which must be sleeping. */
    public void wake(Step step) {
        removeAt(step.state);
        step.state = Step.NO_TIMER;
    }

    /** Whether {@code step} is among the timers, and neither due nor cancelled. */
    public static boolean isWaiting(Step step) {
        return step.state >= 0;
    }

    /** Cancels {@code step}, which must be armed. */
    public void disarm(Step step) {
        step.state = Step.NO_TIMER;
        cancelled++;
        if (cancelled == size || (size > CLEARED_ABOVE && cancelled > size >> 1)) {
            try {
                clearOfCancelled();
                shrink();
            } catch (StackOverflowError | OutOfMemoryError later) {
                // The heap is consistent. The next call does the rest.
            }
        }
    }

    /** Passes every sleeping step to {@code receiver}. */
    public void forEachSleeping(Consumer<? super Step> receiver) {
        for (int index = 0; index < size; index++) {
            if (isIndexed(index)) {
                receiver.accept(entry(index));
            }
        }
    }

    /** Removes all entries. Their steps are no longer timers. */
    public void clear() {
        for (int index = 0; index < size; index++) {
            entry(index).state = Step.NO_TIMER;
        }
        size = 0;
        cancelled = 0;
        keys = new long[2 * INITIAL_CAPACITY];
        entries = new @Nullable Object[INITIAL_CAPACITY];
    }

    // Cancelled entries

    /** Removes cancelled entries from the top. */
    private void dropCancelled() {
        while (cancelled > 0 && isCancelled(0)) {
            removeAt(0);
            cancelled--;
        }
    }

    private boolean isCancelled(int index) {
        return !isIndexed(index) && entry(index).state < 0;
    }

    /** Removes all cancelled entries in place. After the first line nothing can fail: there are no allocations, and the stack has room. */
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
        for (int index = (size - 2) >> 2; index >= 0 && size > 1; index--) { // from the last entry with children
            siftDown(index, entry(index), keys[2 * index], keys[2 * index + 1], size);
        }
    }

    private void shrink() {
        if (entries.length > LARGEST_KEPT && size < entries.length >> 4) {
            resize(entries.length >> 3);
        }
    }

    // The heap

    private Step removeAt(int index) {
        shrink();
        Step removed = entry(index);
        int last = size - 1;
        if (index != last) {
            Step moved = entry(last);
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

    /** Puts {@code entry} at {@code free} or above. It makes no calls, so it cannot fail halfway. */
    private void siftUp(int free, Step entry, long deadline, long order) {
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
            if ((otherOrder & INDEXED) != 0) {
                ((Step) above).state = index;
            }
            index = parent;
        }
        heap[index] = entry;
        heapKeys[2 * index] = deadline;
        heapKeys[2 * index + 1] = order;
        if ((order & INDEXED) != 0) {
            entry.state = index;
        }
    }

    /** Puts {@code entry} at {@code free} or below, among the first {@code end} entries. Like {@link #siftUp}, it makes no calls. */
    private void siftDown(int free, Step entry, long deadline, long order, int end) {
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
            if ((leastOrder & INDEXED) != 0) {
                ((Step) below).state = index;
            }
            index = child;
        }
        heap[index] = entry;
        heapKeys[2 * index] = deadline;
        heapKeys[2 * index + 1] = order;
        if ((order & INDEXED) != 0) {
            entry.state = index;
        }
    }

    /** Whether a key precedes the key at {@code index}. No two keys are equal. */
    private boolean precedes(long deadline, long order, int index) {
        long other = keys[2 * index];
        return deadline < other || (deadline == other && order < keys[2 * index + 1]);
    }

    private void put(int index, Step entry, long deadline, long order) {
        entries[index] = entry;
        keys[2 * index] = deadline;
        keys[2 * index + 1] = order;
        if ((order & INDEXED) != 0) {
            entry.state = index;
        }
    }

    private boolean isIndexed(int index) {
        return (keys[2 * index + 1] & INDEXED) != 0;
    }

    private Step entry(int index) {
        return (Step) Objects.requireNonNull(entries[index], "no timer here");
    }

    private void resize(int capacity) {
        long[] newKeys = Arrays.copyOf(keys, 2 * capacity);
        entries = Arrays.copyOf(entries, capacity);
        keys = newKeys;
    }
}
