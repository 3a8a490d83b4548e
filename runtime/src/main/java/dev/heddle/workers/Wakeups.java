// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import dev.heddle.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A message to an event loop that wakes waiters of that loop. Until the loop reads the message, further waiters are added to it at no
 * cost. Guarded by the lock of the {@link QueueState}.
 */
final class Wakeups implements Runnable {

    final EventLoop loop;

    /** The next message in the list of messages to which waiters can still be added. */
    @Nullable
    Wakeups nextOpen;

    /** The next message in the list of messages that are still to be sent. */
    @Nullable
    Wakeups nextUnsent;

    private final QueueState<?> queue;
    private @Nullable Waiter<?> first;
    private @Nullable Waiter<?> last;

    Wakeups(QueueState<?> queue, EventLoop loop) {
        this.queue = queue;
        this.loop = loop;
    }

    void add(Waiter<?> waiter) {
        if (last == null) {
            first = waiter;
        } else {
            last.nextWoken = waiter;
        }
        last = waiter;
    }

    /** Wakes the waiters. Called on the thread of the loop. */
    @Override
    public void run() {
        queue.close(this);
        Waiter<?> waiter = first;
        while (waiter != null) {
            Waiter<?> following = waiter.nextWoken;
            waiter.nextWoken = null; // so that a retained coroutine retains no other
            waiter.wake();
            waiter = following;
        }
    }

    @Override
    public String toString() {
        return "wake-ups of " + queue;
    }
}
