// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/** An acquisition of a lock that has to wait. */
final class LockFrame extends Waiter<Lock.Held> {

    private static final Native ENTRY = new Native(Lock.class, "acquire");

    private final Lock lock;
    private final @Nullable Hold returning;

    /** Creates a wait for {@code lock}, which then acquires it like {@link Lock#take}. */
    LockFrame(Lock lock, @Nullable Hold returning) {
        super(ENTRY);
        this.lock = lock;
        this.returning = returning;
    }

    @Override
    protected @Nullable Object start() {
        return waitIn(lock.waiters, 1);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        leave();
        try {
            take();
        } catch (Throwable cancelled) {
            if (!lock.locked()) {
                lock.waiters.wakeFirst(); // this waiter would have acquired the lock
            }
            throw cancelled;
        }
        return lock.take(returning);
    }
}
