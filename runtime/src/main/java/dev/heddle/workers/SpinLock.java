// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for critical sections of a few dozen instructions that neither block nor take another lock. Locking and unlocking costs one atomic
 * operation, where a monitor needs two. A thread that finds the lock taken spins at first. Then it parks for a moment at a time, because the
 * operating system may have suspended the owner. The lock is not reentrant.
 *
 * <p>A critical section that has made sure of room on the stack ({@link dev.heddle.internal.loop.StackRoom}) uses {@code try} and {@code finally}.
 * A section without that check must also be unlocked when the call of {@link #unlock} overflows the stack. It stores to {@link #locked}
 * instead, because a store calls nothing:
 *
 * <pre>{@code
 * lock.lock();
 * try {
 *     ...
 *     lock.unlock();
 * } catch (Throwable failure) {
 *     lock.locked = 0;
 *     ...
 * }
 * }</pre>
 */
final class SpinLock {

    /** The spins last some microseconds, in which many sections end. */
    private static final int SPINS = 100;

    private static final long PAUSE_NANOS = 1_000;

    private static final VarHandle LOCKED;

    static {
        try {
            LOCKED = MethodHandles.lookup().findVarHandle(SpinLock.class, "locked", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** 1 while a thread owns the lock, otherwise 0. Only the owner sets it to 0. */
    volatile int locked;

    void lock() {
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
     * Releases the lock. A release store is enough: the next owner reads this 0, and so sees everything that was written before it. Later
     * writes of this thread may become visible earlier, as with any lock.
     */
    void unlock() {
        LOCKED.setRelease(this, 0);
    }
}
