package dev.heddle.sync;

import dev.heddle.Coroutine;
import dev.heddle.woven.Repeatable;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a part of a program to one task at a time, Python's {@code asyncio.Lock}:
 *
 * <pre>{@code
 * try (var held = await(lock.acquire())) {
 *     // no other task is in here, awaits included
 * }
 * }</pre>
 *
 * <p>It is fair: tasks get it in the order in which they came. It has no owner: any task may release it, and a task that has it
 * and acquires it again waits for ever. It is not safe for threads; see the package.
 */
public final class Lock extends Holdable {

    /** One acquisition of a {@link Lock}, {@link Condition} or {@link Semaphore}, for a {@code try} statement. */
    public sealed interface Held extends AutoCloseable permits Hold {

        /**
         * Releases what was acquired. Closing it again does nothing, nor does closing it after the lock was released by {@link
         * Lock#release}, whoever has the lock meanwhile.
         *
         * <p>Do not keep it longer than that: once its task acquires the same lock again, and then again, it may come back as the new
         * acquisition's.
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

    /** The present acquisition, null while nobody has this. */
    private @Nullable Hold holder;

    /** A lock that nobody has. */
    public Lock() {}

    /**
     * Waits until nobody has this and then takes it, Python's {@code await lock.acquire()}. Awaiting it throws an {@code
     * IllegalStateException} if it has to wait and tasks of another loop have waited for this.
     */
    public Coroutine<Held> acquire() {
        return acquire.called();
    }

    /**
     * Gives this back, so that the task that waits longest gets it when it runs. A {@link Held} does it by itself.
     *
     * @throws IllegalStateException if nobody has this
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

    /** Whether somebody has this. */
    public boolean locked() {
        return holder != null;
    }

    /** Whether a task that comes now need not wait. One that was woken and has not run yet comes first. */
    boolean isFree() {
        return holder == null && !waiters.hasLive();
    }

    /** Locks this for {@code returning}, an acquisition that was interrupted, or for a new one. */
    Hold take(@Nullable Hold returning) {
        Hold hold = returning != null ? returning : newHold();
        holder = hold;
        return hold;
    }

    /** Releases this for a while: the acquisition, which is returned, stays open, and closing it has no effect until it has this again. */
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
