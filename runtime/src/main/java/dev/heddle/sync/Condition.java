package dev.heddle.sync;

import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.woven.Repeatable;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks that share something under a lock wait until it has changed, Python's {@code asyncio.Condition}:
 *
 * <pre>{@code
 * try (var held = await(condition.acquire())) {
 *     await(condition.waitUntil(() -> !orders.isEmpty()));
 *     serve(orders.remove());
 * }
 * }</pre>
 *
 * It is not safe for threads; see the package.
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

    /** A condition with a lock of its own. */
    public Condition() {
        this(new Lock());
    }

    /** A condition of what {@code lock} protects, which may have other conditions too. */
    public Condition(Lock lock) {
        this.lock = Objects.requireNonNull(lock, "lock");
    }

    /** Acquires the lock, see {@link Lock#acquire}. */
    public Coroutine<Lock.Held> acquire() {
        return lock.acquire();
    }

    /** Releases the lock, see {@link Lock#release}. */
    public void release() {
        waiters.requireThread();
        lock.release();
    }

    /** Whether somebody has the lock. */
    public boolean locked() {
        return lock.locked();
    }

    /**
     * Releases the lock, waits until notified, acquires the lock again and gives true, Python's {@code await condition.wait()}. It may also
     * end for no reason, so look at what you wait for again; {@link #waitUntil} does.
     *
     * <p>When it ends it has the lock in any case, cancelled or not: a {@link CancelledError} that comes while it waits for the lock is
     * kept until then, the last one if there are more. One that is cancelled after it was notified notifies another instead.
     *
     * <p>Awaiting it throws an {@code IllegalStateException} if nobody has the lock.
     */
    public Coroutine<Boolean> waitNotified() {
        return waitNotified.called();
    }

    /**
     * Awaits {@link #waitNotified} as long as {@code predicate} does not hold, and gives true, Python's {@code await
     * condition.wait_for(predicate)}. The predicate is called by the task that has the lock; what it throws ends the wait.
     */
    public Coroutine<Boolean> waitUntil(BooleanSupplier predicate) {
        return new UntilFrame(this, Objects.requireNonNull(predicate, "predicate"));
    }

    /**
     * Wakes the {@code n} tasks that have waited longest, or all if they are less. They go on one after the other, each when it gets the
     * lock, which this does not release. Python's {@code condition.notify(n)}.
     *
     * @throws IllegalStateException if nobody has the lock
     */
    public void notifyWaiters(int n) {
        waiters.requireThread();
        requireLocked("cannot notify on un-acquired lock");
        waiters.wake(n);
    }

    /**
     * Wakes all who wait, see {@link #notifyWaiters}. Python's {@code condition.notify_all()}.
     *
     * @throws IllegalStateException if nobody has the lock
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
