package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/**
 * A put into a queue. One that has ended can be used again by its queue: nobody who awaits what {@code put} gives, as it is meant, has it any
 * more then. A task of a put that has ended may show another put as its coroutine. A program that wrongly awaits it again gets the error at the other put instead, if there was one between.
 */
final class PutFrame<T extends @Nullable Object> extends Waiter<Void> {

    private static final Native ENTRY = new Native(Queue.class, "put");

    private final Queue<T> queue;

    /** Null before and after the run, as well as if that is the item. */
    private @Nullable T item;

    PutFrame(Queue<T> queue) {
        super(ENTRY);
        this.queue = queue;
    }

    /** Makes this, which has not begun, a put of {@code item}. */
    void arm(T item) {
        this.item = item;
    }

    @Override
    protected @Nullable Object start() {
        return putOrWait();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        leave();
        try {
            take();
            return putOrWait();
        } catch (Throwable failure) { // a cancellation, or what a comparator throws
            if (wasWoken() && !queue.isFull()) {
                queue.putters.wakeNext();
            }
            throw failure;
        }
    }

    private @Nullable Object putOrWait() {
        if (queue.isFull()) {
            queue.requireNotShutDown();
            return waitIn(queue.putters, 1);
        }
        put();
        queue.ends(this);
        return null;
    }

    @SuppressWarnings("NullAway") // null only where that is the item
    private void put() {
        queue.putNow(item);
    }

    @Override
    protected void clear() {
        super.clear();
        item = null;
    }
}
