package dev.heddle.workers;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Something with a lock for sections of a few dozen instructions, in which nothing waits and nothing else is locked. To take and to free it
 * costs one atomic operation, where a monitor needs two. Who has to wait spins, then leaves the processor to others: it may have been
 * taken from the one who has the lock. The lock cannot be taken twice by one thread. A section is
 *
 * <pre>{@code
 * lock();
 * try {
 *     ...
 *     unlock();
 * } catch (Throwable failure) {
 *     locked = 0;
 *     throw failure;
 * }
 * }</pre>
 *
 * <p>where the assignment calls nothing, so that a stack overflow in the section, or in {@code unlock}, frees the lock too.
 */
abstract class Latched {

    /** Some microseconds, in which many sections end. */
    private static final int SPINS = 100;

    private static final long PAUSE_NANOS = 1_000;

    private static final VarHandle LOCKED;

    static {
        try {
            LOCKED = MethodHandles.lookup().findVarHandle(Latched.class, "locked", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** 1 while a thread has the lock. Set from 0 to 1 by the thread that takes it, to 0 by the same thread only. */
    volatile int locked;

    final void lock() {
        if (!LOCKED.compareAndSet(this, 0, 1)) {
            waitAndLock();
        }
    }

    private void waitAndLock() {
        int tries = 0;
        do {
            if (tries < SPINS) {
                Thread.onSpinWait();
                tries++;
            } else {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        } while (locked != 0 || !LOCKED.compareAndSet(this, 0, 1));
    }

    /**
     * Frees the lock. A release is enough: whoever takes the lock next reads this 0, and so everything that was written before. What
     * this thread does after may seem to others to be done before, as with any lock.
     */
    final void unlock() {
        LOCKED.setRelease(this, 0);
    }
}
