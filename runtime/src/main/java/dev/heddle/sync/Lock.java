// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Repeatable;
import org.jspecify.annotations.Nullable;

/**
 * Gives one task at a time exclusive access to a section of code, including its awaits:
 *
 * <pre>{@code
 * try (var held = await(lock.acquire())) {
 *     // no other task is in here, not even during an await
 * }
 * }</pre>
 *
 * <p>The lock is fair: tasks acquire it in the order of their requests. It has no owner: any task may release it. It is not reentrant: a
 * task that holds it and acquires it again waits forever. Not thread-safe; see the package. Corresponds to {@code asyncio.Lock}.
 */
public final class Lock extends Holdable {

    /** One acquisition of a {@link Lock}, {@link Condition} or {@link Semaphore}, for a {@code try} statement. */
    public sealed interface Held extends AutoCloseable permits Hold {

        /**
         * Releases the acquisition. Closing it again has no effect. Closing it after {@link Lock#release} has no effect either, even if
         * another task has acquired the lock since.
         *
         * <p>Do not keep a closed object. It may be reused: the second time its task acquires the same lock again, the same object may
         * represent the new acquisition.
         */
        @Override
        void close();
    }

    private final class Acquire extends Repeatable<Held> {

        Acquire() {
            super(Lock.this, "acquire");
        }

        @Override
        protected @Nullable Object begin() {
            return isFree() ? take(null) : goOnIn(new LockFrame(Lock.this, null));
        }
    }

    final WaitQueue waiters = new WaitQueue(this);

    private final Acquire acquire = new Acquire();

    /** The current acquisition, or null. */
    private @Nullable Hold holder;

    /** Creates a lock that is not held. */
    public Lock() {}

    /**
     * Waits until this lock is free, and acquires it. Awaiting the result throws an {@code IllegalStateException} if it has to wait and
     * tasks of another loop have waited for this lock. Corresponds to {@code await lock.acquire()}.
     */
    @CheckReturnValue
    public Coroutine<Held> acquire() {
        return acquire.called();
    }

    /**
     * Releases this lock. The task that has waited longest acquires it when it runs. Closing a {@link Held} does the same.
     *
     * @throws IllegalStateException if this lock is not held
     */
    public void release() {
        waiters.requireThread();
        Hold hold = holder;
        if (hold == null) {
            throw new IllegalStateException(
                    "Lock is not acquired. " + this + " can be released once after each acquire");
        }
        waiters.wakeFirst();
        hold.open = false;
        holder = null;
    }

    /** Whether this lock is held. */
    public boolean locked() {
        return holder != null;
    }

    /** Whether a task could acquire this lock now without waiting. A task that was woken but has not run yet takes precedence. */
    boolean isFree() {
        return holder == null && !waiters.hasLive();
    }

    /** Acquires this lock. {@code returning} is an interrupted acquisition to resume, or null for a new one. */
    Hold take(@Nullable Hold returning) {
        Hold hold = returning != null ? returning : newHold();
        holder = hold;
        return hold;
    }

    /** Releases this lock temporarily. Returns the acquisition, which stays open. Closing it has no effect until it is resumed. */
    @Nullable
    Hold interrupt() {
        Hold hold = holder;
        waiters.wakeFirst();
        holder = null;
        return hold;
    }

    @Override
    void close(Hold hold) {
        if (hold == holder) {
            release();
        }
    }

    @Override
    public String toString() {
        return "<Lock " + (locked() ? "locked" : "unlocked") + waiters.describe("waiters") + ">";
    }
}
