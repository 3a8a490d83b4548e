// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Repeatable;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks wait until state that a lock protects has changed:
 *
 * <pre>{@code
 * try (var held = await(condition.acquire())) {
 *     await(condition.waitUntil(() -> !orders.isEmpty()));
 *     serve(orders.remove());
 * }
 * }</pre>
 *
 * <p>Not thread-safe; see the package. Corresponds to {@code asyncio.Condition}.
 */
public final class Condition extends LoopBound {

    private final class WaitNotified extends Repeatable<Boolean> {

        WaitNotified() {
            super(Condition.this, "waitNotified");
        }

        @Override
        protected @Nullable Object begin() {
            requireLocked("cannot wait on un-acquired lock");
            return goOnIn(new NotifiedFrame(Condition.this));
        }
    }

    final Lock lock;
    final WaitQueue waiters = new WaitQueue(this);

    private final WaitNotified waitNotified = new WaitNotified();

    /** Creates a condition with its own lock. */
    public Condition() {
        this(new Lock());
    }

    /** Creates a condition for the state that {@code lock} protects. Several conditions may share a lock. */
    public Condition(Lock lock) {
        this.lock = Objects.requireNonNull(lock, "lock");
    }

    /** Acquires the lock, see {@link Lock#acquire}. */
    @CheckReturnValue
    public Coroutine<Lock.Held> acquire() {
        return lock.acquire();
    }

    /** Releases the lock, see {@link Lock#release}. */
    public void release() {
        waiters.requireThread();
        lock.release();
    }

    /** Whether the lock is held. */
    public boolean locked() {
        return lock.locked();
    }

    /**
     * Releases the lock, waits for a notification, acquires the lock again and returns true. The wait may also end spuriously, so check the
     * state again; {@link #waitUntil} does that. Corresponds to {@code await condition.wait()}.
     *
     * <p>When the wait ends, the lock is held again, even after a cancellation. A {@link CancelledError} that arrives while the task waits
     * for the lock is delivered once the task has the lock; if there are several, the last one. If a task is cancelled after it was
     * notified, it notifies another task instead.
     *
     * <p>Awaiting the result throws an {@code IllegalStateException} if the lock is not held.
     */
    @CheckReturnValue
    public Coroutine<Boolean> waitNotified() {
        return waitNotified.called();
    }

    /**
     * Awaits {@link #waitNotified} until {@code predicate} holds, and returns true. The predicate is called while the lock is held. If it
     * throws, the exception propagates and the wait ends. Corresponds to {@code await condition.wait_for(predicate)}.
     */
    @CheckReturnValue
    public Coroutine<Boolean> waitUntil(BooleanSupplier predicate) {
        return waitUntil(this, Objects.requireNonNull(predicate, "predicate"));
    }

    @Async
    private static Coroutine<Boolean> waitUntil(Condition condition, BooleanSupplier predicate) {
        while (!predicate.getAsBoolean()) {
            await(condition.waitNotified());
        }
        return Coroutine.of(true);
    }

    /**
     * Wakes the {@code n} tasks that have waited longest, or all if there are fewer. They continue one after the other, each when it has
     * acquired the lock. This method does not release the lock. Corresponds to {@code condition.notify(n)}.
     *
     * @throws IllegalStateException if the lock is not held
     */
    public void notifyWaiters(int n) {
        waiters.requireThread();
        requireLocked("cannot notify on un-acquired lock");
        waiters.wake(n);
    }

    /**
     * Wakes all waiting tasks, see {@link #notifyWaiters}. Corresponds to {@code condition.notify_all()}.
     *
     * @throws IllegalStateException if the lock is not held
     */
    public void notifyAllWaiters() {
        notifyWaiters(waiters.size());
    }

    private void requireLocked(String problem) {
        if (!lock.locked()) {
            throw new IllegalStateException(problem + ": " + this + "; await acquire() first");
        }
    }

    @Override
    public String toString() {
        return "<Condition " + (locked() ? "locked" : "unlocked") + waiters.describe("waiters") + ">";
    }
}
