// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Repeatable;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many tasks use something at the same time. Tasks acquire and release permits:
 *
 * <pre>{@code
 * try (var permit = await(downloads.acquire())) {
 *     // at most as many tasks as there are permits are in here
 * }
 * }</pre>
 *
 * <p>The semaphore is fair: tasks get permits in the order of their requests. A permit has no owner: any task or callback may release one,
 * even if that raises the number of permits above the initial one. Not thread-safe; see the package. Corresponds to {@code
 * asyncio.Semaphore}.
 */
public sealed class Semaphore extends Holdable permits BoundedSemaphore {

    private static final class Acquire extends Repeatable<Lock.Held> {

        private final Semaphore semaphore;

        Acquire(Semaphore semaphore) {
            super(semaphore, "acquire");
            this.semaphore = semaphore;
        }

        @Override
        protected @Nullable Object begin() {
            if (semaphore.locked()) {
                return goOnIn(new PermitFrame(semaphore));
            }
            semaphore.permits--;
            return semaphore.newHold();
        }
    }

    final WaitQueue waiters = new WaitQueue(this);

    /** The number of free permits. Permits that were granted to woken tasks are not included. */
    int permits;

    private final Acquire acquire = new Acquire(this);

    /**
     * Creates a semaphore with {@code permits} permits.
     *
     * @throws IllegalArgumentException if {@code permits} is negative
     */
    public Semaphore(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("Semaphore initial value must be >= 0: " + permits
                    + "; with 0, release() before anybody can acquire");
        }
        this.permits = permits;
    }

    /**
     * Waits for a permit and acquires it. Closing the result releases the permit; closing it again has no effect. Awaiting the coroutine
     * throws an {@code IllegalStateException} if it has to wait and tasks of another loop have waited for this semaphore. Corresponds to
     * {@code await semaphore.acquire()}.
     */
    @CheckReturnValue
    public final Coroutine<Lock.Held> acquire() {
        return acquire.called();
    }

    /**
     * Releases a permit, or adds one. The task that has waited longest gets it. Do not close the result of {@link #acquire} as well: that
     * would release another permit.
     *
     * @throws IllegalStateException if this is a {@link BoundedSemaphore} and all its permits are free
     */
    public void release() {
        waiters.requireThread();
        giveBack();
        abandonHold();
    }

    /** Whether a task would have to wait for a permit now. */
    public final boolean locked() {
        return permits == 0 || waiters.hasLive();
    }

    /** Gives a permit to the task that has waited longest. If no task waits, the permit becomes free. */
    void giveBack() {
        if (!waiters.wakeNext()) {
            permits++;
        }
    }

    /** Grants a free permit to the first waiting task, and returns whether there was one. The permit is taken immediately on its behalf. */
    final boolean grant() {
        boolean woken = waiters.wakeNext();
        if (woken) {
            permits--;
        }
        return woken;
    }

    @Override
    final void close(Hold hold) {
        if (hold.open) {
            waiters.requireThread();
            giveBack();
            hold.open = false;
        }
    }

    @Override
    public String toString() {
        String state = locked() ? "locked" : "unlocked permits=" + permits;
        return "<" + getClass().getSimpleName() + " " + state + waiters.describe("waiters") + ">";
    }
}
