// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/**
 * A put into a queue. The queue can reuse it when it has ended: a program that awaits the result of {@code put} as intended then has no
 * reference to it. A task of a put that has ended may show another put as its coroutine. If a program wrongly awaits a put again, and the
 * object was reused in between, the error is thrown at the other put.
 */
final class PutFrame<T extends @Nullable Object> extends Waiter<Void> {

    private static final Native ENTRY = new Native(Queue.class, "put");

    private final Queue<T> queue;

    /** The item, which may be null. Also null before and after the run. */
    private @Nullable T item;

    PutFrame(Queue<T> queue) {
        super(ENTRY);
        this.queue = queue;
    }

    /** Sets the item to put. This put must not have begun. */
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
        } catch (Throwable failure) { // a cancellation, or an exception of a comparator
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
