// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/**
 * A get from a queue that is empty when it begins. Only its task and its queue have a reference to it. The queue can reuse it when it has
 * ended, because it then awaits nothing for that task.
 */
final class GetFrame<T extends @Nullable Object> extends Waiter<T> {

    private static final Native ENTRY = new Native(Queue.class, "get");

    private final Queue<T> queue;

    GetFrame(Queue<T> queue) {
        super(ENTRY);
        this.queue = queue;
    }

    @Override
    protected @Nullable Object start() {
        return waitForItem();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        leave();
        try {
            take();
            return queue.isEmpty() ? waitForItem() : get();
        } catch (Throwable failure) { // a cancellation, or an exception of a comparator
            if (wasWoken() && !queue.isEmpty()) {
                queue.getters.wakeNext();
            }
            throw failure;
        }
    }

    private Object waitForItem() {
        queue.requireMoreToCome();
        return waitIn(queue.getters, 1);
    }

    private T get() {
        T item = queue.getNow();
        queue.ends(this);
        return item;
    }
}
