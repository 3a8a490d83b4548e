// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.coroutines.NativeFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that waits at a {@link SharedQueue} for an element or for room. The fields that are not private are guarded by the lock of
 * the {@link QueueState}.
 *
 * @param <R> the type of the result
 */
abstract class Waiter<R extends @Nullable Object> extends NativeFrame<R> {

    /** The stages of a wait. */
    enum Stage {
        /** The waiter is in the list of waiters without a claim. */
        WAITING,
        /** The waiter has a claim on an element or on room. Its task must use the claim or give it back. */
        CLAIMING,
        /** The waiter is in no list: the wait has not begun, has ended, or was ended when the queue was closed. */
        DONE
    }

    Stage stage = Stage.DONE;

    /** The neighbours in the list. */
    @Nullable
    Waiter<?> previous;

    @Nullable
    Waiter<?> next;

    /** The next waiter that the same message wakes. */
    @Nullable
    Waiter<?> nextWoken;

    private @Nullable Wakeups wakeups;

    /** The future that the task awaits. Used on the thread of its loop. */
    private @Nullable Future<Boolean> future;

    Waiter(Native entry) {
        super(entry);
    }

    /**
     * Prepares to wait, before this is in a list: everything that needs memory is allocated here, so that waking this later cannot
     * fail.
     */
    final void prepare(QueueState<?> queue) {
        EventLoop loop = Asyncio.getRunningLoop();
        future = loop.createFuture();
        wakeups = new Wakeups(queue, loop);
    }

    /** The message to the loop of the task. It is not used if an earlier message can still wake this waiter too. */
    final Wakeups wakeups() {
        return Objects.requireNonNull(wakeups);
    }

    /** Suspends the task until this is woken. */
    final @Nullable Object waitForTurn() {
        return await(1, Objects.requireNonNull(future));
    }

    /** Wakes the task if it still waits. Called on the thread of its loop. */
    final void wake() {
        Future<Boolean> awaited = Objects.requireNonNull(future);
        if (!awaited.isDone()) {
            awaited.setResult(true);
        }
    }
}
