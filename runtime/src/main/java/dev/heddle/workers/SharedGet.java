// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import org.jspecify.annotations.Nullable;

/** A {@code get} from a shared queue that found no element. */
final class SharedGet<T> extends Waiter<T> {

    private static final Native ENTRY = new Native(SharedQueue.class, "get");

    private final QueueState<T> queue;

    SharedGet(QueueState<T> queue) {
        super(ENTRY);
        this.queue = queue;
    }

    @Override
    protected @Nullable Object start() {
        prepare(queue);
        T element = queue.pollOrWait(this);
        return element != null ? element : waitForTurn();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        try {
            take();
            return queue.pollClaimed(this);
        } catch (Throwable failure) { // a cancellation, for example
            queue.leave(this);
            throw failure;
        }
    }
}
