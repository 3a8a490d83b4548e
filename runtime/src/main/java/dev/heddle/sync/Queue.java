// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Repeatable;
import dev.heddle.internal.loop.StackRoom;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Passes items from producer tasks to consumer tasks of one loop. A {@code get} from an empty queue waits, and so does a {@code put} into a
 * full one. Between loops or threads, use {@link dev.heddle.workers.SharedQueue}.
 *
 * <p>{@link #put} does not suspend if there is room, and {@link #get} does not suspend if there are items. A woken task checks the queue
 * again when it runs. If another task was faster, it waits again, behind the others. Items can be null.
 *
 * <p>Not thread-safe; see the package. Corresponds to {@code asyncio.Queue}, {@code LifoQueue} and {@code PriorityQueue}.
 *
 * @param <T> the type of the items
 */
public final class Queue<T extends @Nullable Object> extends LoopBound {

    private final class Get extends Repeatable<T> {

        Get() {
            super(Queue.this, "get");
        }

        @Override
        protected @Nullable Object begin() {
            return isEmpty() ? goOnIn(waitingGet()) : getNow();
        }
    }

    private final class Join extends Repeatable<Void> {

        Join() {
            super(Queue.this, "join");
        }

        @Override
        protected @Nullable Object begin() {
            return unfinished == 0 ? null : goOnIn(new JoinFrame(joiners));
        }
    }

    final WaitQueue getters = new WaitQueue(this);
    final WaitQueue putters = new WaitQueue(this);

    private final WaitQueue joiners = new WaitQueue(this);
    private final Get get = new Get();
    private final Join join = new Join();
    private final Items<T> items;
    private final int maxSize;

    /** The number of items that were put and for which {@link #taskDone} was not called yet. */
    private int unfinished;

    private boolean shutDown;

    /** A put that has ended, which the next put reuses, or that is in use again. Null before the first. */
    private @Nullable PutFrame<T> usedPut;

    /** Likewise for a get that had to wait. */
    private @Nullable GetFrame<T> usedGet;

    private Queue(Items<T> items, int maxSize) {
        this.items = items;
        this.maxSize = maxSize;
    }

    /** Creates a queue that returns the oldest item first. It holds at most {@code maxSize} items; 0 or less means no limit. */
    public static <T extends @Nullable Object> Queue<T> fifo(int maxSize) {
        return new Queue<>(new Items.Fifo<>(), maxSize);
    }

    /** As {@link #fifo}, but the queue returns the newest item first. */
    public static <T extends @Nullable Object> Queue<T> lifo(int maxSize) {
        return new Queue<>(new Items.Lifo<>(), maxSize);
    }

    /**
     * As {@link #fifo}, but the queue returns the least item first, as determined by {@code comparator}. The order of equal items is
     * undefined. If the comparator throws, the exception propagates to the caller of {@code put} or {@code get}, and the queue is
     * unchanged.
     */
    public static <T extends @Nullable Object> Queue<T> priority(int maxSize, Comparator<? super T> comparator) {
        return new Queue<>(new Items.Priority<>(Objects.requireNonNull(comparator, "comparator")), maxSize);
    }

    /**
     * Waits for room and adds {@code item}. Awaiting the result throws a {@link QueueShutDownException} if the queue is shut down before or
     * during the wait. Corresponds to {@code await queue.put(item)}.
     */
    @CheckReturnValue
    public Coroutine<Void> put(T item) {
        putters.requireThread();
        PutFrame<T> used = usedPut;
        PutFrame<T> put = used != null && used.renewIfOver() ? used : new PutFrame<>(this);
        put.arm(item);
        return put;
    }

    /** Keeps {@code put}, which ends, for reuse. Usually it is already stored, and a store costs more than a comparison. */
    void ends(PutFrame<T> put) {
        if (usedPut != put) {
            usedPut = put;
        }
    }

    /**
     * Adds {@code item} without waiting. Corresponds to {@code queue.put_nowait(item)}.
     *
     * @throws QueueFullException if there is no room
     * @throws QueueShutDownException if the queue is shut down
     */
    public void putNow(T item) {
        getters.requireThread();
        requireNotShutDown();
        if (isFull()) {
            throw new QueueFullException("queue is full: " + this + "; await put(), or ask isFull() before");
        }
        items.prepare(item);
        try {
            getters.wakeNext();
        } catch (IllegalStateException loopIsClosed) {
            items.add(item);
            unfinished++;
            throw loopIsClosed;
        }
        items.add(item); // after everything that may fail for lack of stack or memory
        unfinished++;
    }

    /**
     * Waits for an item and removes it. If the task is cancelled, no item is lost. Awaiting the result throws a {@link
     * QueueShutDownException} if the queue is shut down and empty, before or during the wait. Corresponds to {@code await queue.get()}.
     */
    @CheckReturnValue
    public Coroutine<T> get() {
        return get.called();
    }

    private GetFrame<T> waitingGet() {
        GetFrame<T> used = usedGet;
        return used != null && used.renewIfOver() ? used : new GetFrame<>(this);
    }

    /** As {@link #ends(PutFrame)}. */
    void ends(GetFrame<T> get) {
        if (usedGet != get) {
            usedGet = get;
        }
    }

    /**
     * Removes an item without waiting. Corresponds to {@code queue.get_nowait()}.
     *
     * @throws QueueEmptyException if the queue is empty
     * @throws QueueShutDownException if the queue is empty and shut down
     */
    public T getNow() {
        putters.requireThread();
        if (isEmpty()) {
            requireMoreToCome();
            throw new QueueEmptyException("queue is empty: " + this + "; await get(), or ask isEmpty() before");
        }
        items.prepareRemoval();
        putters.wakeNext();
        return items.remove();
    }

    /**
     * Records that the work on a removed item is done. When this method has been called for every item that was put, {@link #join} ends.
     * Corresponds to {@code queue.task_done()}.
     *
     * @throws IllegalStateException if it was already called for every item
     */
    public void taskDone() {
        joiners.requireThread();
        if (unfinished == 0) {
            throw new IllegalStateException("task_done() called too many times: " + this
                    + "; call taskDone() once for each item that was taken out");
        }
        if (unfinished == 1) {
            joiners.wakeAll();
        }
        unfinished--;
    }

    /** Waits until {@link #taskDone} was called for every item that was put. Corresponds to {@code await queue.join()}. */
    @CheckReturnValue
    public Coroutine<Void> join() {
        return join.called();
    }

    /** Returns the number of items in the queue. */
    public int size() {
        return items.size();
    }

    /** Whether the queue has no items. */
    public boolean isEmpty() {
        return items.size() == 0;
    }

    /** Whether the queue has no room. */
    public boolean isFull() {
        return maxSize > 0 && items.size() >= maxSize;
    }

    /** Returns the maximum number of items; 0 or less means no limit. */
    public int maxSize() {
        return maxSize;
    }

    /**
     * Shuts this queue down. From now on {@code put} throws a {@link QueueShutDownException}; {@code get} throws it once the queue is
     * empty. All tasks that wait to put or get are woken and check the queue again. Corresponds to {@code queue.shutdown(immediate)}.
     *
     * @param immediate whether to drop the remaining items; each of them counts as done for {@link #join}
     */
    public void shutdown(boolean immediate) {
        getters.requireThread();
        putters.requireThread();
        joiners.requireThread();
        StackRoom.require();
        shutDown = true;
        if (immediate) {
            unfinished = Math.max(0, unfinished - size());
            items.clear();
            if (unfinished == 0) {
                joiners.wakeAll();
            }
        }
        getters.wakeAll();
        putters.wakeAll();
    }

    void requireNotShutDown() {
        if (shutDown) {
            throw new QueueShutDownException("queue is shut down: " + this + "; nothing can be put into it any more");
        }
    }

    /** Throws if this queue will stay empty. The caller has found it empty. */
    void requireMoreToCome() {
        if (shutDown) {
            throw new QueueShutDownException("queue is shut down: " + this + "; there is nothing left to get");
        }
    }

    @Override
    public String toString() {
        return "<Queue " + items.order() + " size=" + size() + (maxSize > 0 ? "/" + maxSize : "")
                + getters.describe("getters") + putters.describe("putters")
                + (unfinished > 0 ? " unfinished=" + unfinished : "") + (shutDown ? " shutdown" : "") + ">";
    }
}
