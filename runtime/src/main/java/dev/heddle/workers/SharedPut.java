// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import org.jspecify.annotations.Nullable;

/** A {@code put} into a shared queue. */
final class SharedPut<T> extends Waiter<Void> {

    private static final Native ENTRY = new Native(SharedQueue.class, "put");

    private final QueueState<T> queue;
    private final T element;

    SharedPut(QueueState<T> queue, T element) {
        super(ENTRY);
        this.queue = queue;
        this.element = element;
    }

    @Override
    protected @Nullable Object start() {
        if (queue.offer(element)) {
            return null;
        }
        prepare(queue);
        return queue.offerOrWait(this, element) ? null : waitForTurn();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        try {
            take();
            queue.offerClaimed(this, element);
            return null;
        } catch (Throwable failure) { // a cancellation, for example
            queue.leave(this);
            throw failure;
        }
    }
}
