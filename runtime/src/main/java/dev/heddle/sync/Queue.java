package dev.heddle.sync;

import dev.heddle.Coroutine;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.woven.Repeatable;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hands items from tasks to tasks, Python's {@code asyncio.Queue}, {@code LifoQueue} and {@code PriorityQueue}. Who gets from an empty one
 * waits, and so does who puts into a full one. An item can be null. It is not safe for threads; see the package.
 *
 * <p>Neither {@link #put} into a queue with room nor {@link #get} from one with items suspends. A task that was woken looks again when
 * it runs; if another was faster it waits once more, behind the others.
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

    /** How many items were put of which {@link #taskDone} has not told. */
    private int unfinished;

    private boolean shutDown;

    /** A put that has ended, or one for which it was used again; null before there is one. */
    private @Nullable PutFrame<T> usedPut;

    /** A get that had to wait, likewise. */
    private @Nullable GetFrame<T> usedGet;

    private Queue(Items<T> items, int maxSize) {
        this.items = items;
        this.maxSize = maxSize;
    }

    /** A queue that gives the oldest item first and has room for {@code maxSize} items, for any number if that is 0 or less. */
    public static <T extends @Nullable Object> Queue<T> fifo(int maxSize) {
        return new Queue<>(new Items.Fifo<>(), maxSize);
    }

    /** As {@link #fifo}, but the newest item is first. */
    public static <T extends @Nullable Object> Queue<T> lifo(int maxSize) {
        return new Queue<>(new Items.Lifo<>(), maxSize);
    }

    /**
     * As {@link #fifo}, but the item is first that is the least for {@code comparator}. The order of equal ones is not defined. What
     * {@code comparator} throws, who puts or gets gets, and the queue is as it was before.
     */
    public static <T extends @Nullable Object> Queue<T> priority(int maxSize, Comparator<? super T> comparator) {
        return new Queue<>(new Items.Priority<>(Objects.requireNonNull(comparator, "comparator")), maxSize);
    }

    /**
     * Waits for room and puts {@code item} in, Python's {@code await queue.put(item)}. Awaiting it throws a {@link QueueShutDownException} if
     * this is shut down, while it waits too.
     */
    public Coroutine<Void> put(T item) {
        putters.requireThread();
        PutFrame<T> used = usedPut;
        PutFrame<T> put = used != null && used.renewIfOver() ? used : new PutFrame<>(this);
        put.arm(item);
        return put;
    }

    /** Takes note of {@code put}, which ends. Mostly it is the one that is here, and a store costs more than a look. */
    void ends(PutFrame<T> put) {
        if (usedPut != put) {
            usedPut = put;
        }
    }

    /**
     * Puts {@code item} in at once, Python's {@code put_nowait}.
     *
     * @throws QueueFullException if there is no room
     * @throws QueueShutDownException if this is shut down
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
        items.add(item); // after what may fail for lack of stack or memory
        unfinished++;
    }

    /**
     * Waits for an item and takes it out, Python's {@code await queue.get()}. When the task is cancelled no item is lost. Awaiting it throws a
     * {@link QueueShutDownException} if this is shut down and empty, while it waits too.
     */
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
     * Takes an item out at once, Python's {@code get_nowait}.
     *
     * @throws QueueEmptyException if there is none
     * @throws QueueShutDownException if there is none and this is shut down
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
     * Tells that the work on an item that was taken out is done. When that is so for every item that was put in, {@link #join} ends.
     *
     * @throws IllegalStateException if it was told for all of them before
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

    /** Waits until {@link #taskDone} was called for every item that was put in, Python's {@code await queue.join()}. */
    public Coroutine<Void> join() {
        return join.called();
    }

    /** How many items are in. */
    public int size() {
        return items.size();
    }

    /** Whether no item is in. */
    public boolean isEmpty() {
        return items.size() == 0;
    }

    /** Whether there is no room. */
    public boolean isFull() {
        return maxSize > 0 && items.size() >= maxSize;
    }

    /** For how many items there is room, 0 or less for any number. */
    public int maxSize() {
        return maxSize;
    }

    /**
     * Lets nothing be put in any more, Python's {@code queue.shutdown(immediate)}: that throws a {@link QueueShutDownException}, and so does
     * getting when nothing is left. All who wait to put or get are woken, and find out.
     *
     * @param immediate whether the items are dropped, each of which counts as done for {@link #join}
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

    /** Throws if this is empty, as the caller has found, and stays so. */
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
