// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/** An acquisition of a permit that has to wait. */
final class PermitFrame extends Waiter<Lock.Held> {

    private static final Native ENTRY = new Native(Semaphore.class, "acquire");

    private final Semaphore semaphore;

    PermitFrame(Semaphore semaphore) {
        super(ENTRY);
        this.semaphore = semaphore;
    }

    @Override
    protected @Nullable Object start() {
        return waitIn(semaphore.waiters, 1);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        leave();
        try {
            take();
        } catch (Throwable cancelled) {
            if (wasWoken()) {
                semaphore.permits++; // the permit that was taken on behalf of this waiter
            }
            throw cancelled;
        } finally {
            grantRest();
        }
        return semaphore.newHold();
    }

    /** Grants the permits that were withheld from others because this waiter was first in the queue. */
    private void grantRest() {
        boolean woken = true;
        while (semaphore.permits > 0 && woken) {
            woken = semaphore.grant();
        }
    }
}
