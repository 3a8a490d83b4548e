package dev.heddle.internal.loop;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop by deadline, those with the same deadline in the order in which they were added: a heap in which each
 * entry has four children. The keys are beside the entries, and not in them, so that finding the least of four children touches
 * little memory.
 *
 * <p>There are two kinds of entries. A step that {@link #sleep sleeps} knows its index, and is taken out when its sleep is cancelled. A step that is
 * {@link #arm armed} stays when it is cancelled, until it is the first, or half of a large heap or all are such steps: most
 * timeouts are cancelled long before their time, which so costs next to nothing, and moving such an entry does not touch it.
 *
 * <p>A stack that overflows, or memory that is short, leaves the heap as it was: each change is made by code that allocates nothing, and calls nothing
 * or has made sure of room on the stack, after all that might fail.
 *
 * <p>Difference from asyncio, which keeps cancelled sleeps as well, and orders equal deadlines by chance.
 */
public final class TimerHeap {

    private static final int INITIAL_CAPACITY = 16;

    /** A heap larger than this shrinks when it is nearly empty. */
    private static final int LARGEST_KEPT = 1 << 14;

    /** Above this a heap grows by a quarter, as its slack is then more than the copying is worth. */
    private static final int LARGE = 1 << 20;

    /** As in asyncio: a heap with fewer entries is not cleared of cancelled ones. */
    private static final int CLEARED_ABOVE = 100;

    /** The bit of an entry's order that is set if the step knows its index, so that moving any other entry need not look at it. */
    private static final long INDEXED = 1;

    /** Two of these make the key of an entry: the deadline in nanoseconds, then twice the number of those added before it, and {@code INDEXED}. */
    private long[] keys = new long[2 * INITIAL_CAPACITY];

    private @Nullable Object[] entries = new @Nullable Object[INITIAL_CAPACITY];

    /** How many entries there are, cancelled ones included. */
    private int size;

    /** How many entries are cancelled. */
    private int cancelled;

    private long added;

    /** No timers. */
    public TimerHeap() {}

    /** Whether no timer runs. */
    public boolean isEmpty() {
        return size == cancelled;
    }

    /** How many timers run. */
    public int size() {
        return size - cancelled;
    }

    /** How many timers there are, cancelled ones included. */
    public int places() {
        return size;
    }

    /** The earliest deadline. There has to be one. */
    public long firstDeadline() {
        dropCancelled();
        return keys[0];
    }

    /** Adds {@code step}, which is no timer yet. It is taken out by {@link #wake} if it is not to wait any longer. */
    public void sleep(Step step, long deadline) {
        add(step, deadline, 2 * added++ + INDEXED);
    }

    /** Adds {@code step}, which is no timer yet. It is cancelled by {@link #disarm} if it is not to run. */
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

    /** Takes the entry with the earliest deadline, which is then due. There has to be one. */
    public Step removeFirst() {
        dropCancelled();
        boolean sleeps = isIndexed(0);
        Step first = removeAt(0);
        first.state = sleeps ? Step.DUE : Step.NO_TIMER;
        return first;
    }

    /** Takes out {@code step}, which sleeps. */
    public void wake(Step step) {
        removeAt(step.state);
        step.state = Step.NO_TIMER;
    }

    /** Whether {@code step} is among the timers, and neither due nor cancelled. */
    public static boolean isWaiting(Step step) {
        return step.state >= 0;
    }

    /** Counts {@code step} as cancelled, which is armed. */
    public void disarm(Step step) {
        step.state = Step.NO_TIMER;
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

    /** Gives every step that sleeps to {@code receiver}. */
    public void forEachSleeping(Consumer<? super Step> receiver) {
        for (int index = 0; index < size; index++) {
            if (isIndexed(index)) {
                receiver.accept(entry(index));
            }
        }
    }

    /** Drops every entry, which then is no timer any more. */
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

    /** Takes out what is cancelled at the top. */
    private void dropCancelled() {
        while (cancelled > 0 && isCancelled(0)) {
            removeAt(0);
            cancelled--;
        }
    }

    private boolean isCancelled(int index) {
        return !isIndexed(index) && entry(index).state < 0;
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

    /** Puts {@code entry} at {@code free} or above. This calls nothing, and so changes everything or, if it cannot be called, nothing. */
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

    /** Puts {@code entry} at {@code free} or below, among the first {@code end} entries. It calls nothing, as {@link #siftUp}. */
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

    /** Whether a key comes before that at {@code index}. No two keys are equal. */
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
