// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The {@link Parking} of a loop without channels, which parks the thread. */
public final class Parker implements Parking {

    /**
     * The thread to unpark. The loop's thread writes it before it announces in its {@link Inbox} that it is going to sleep. Other threads
     * read it after they have read that announcement, so the inbox's atomic variable orders the write before the reads.
     */
    private @Nullable Thread owner;

    /** Creates a parker that no thread uses yet. */
    public Parker() {}

    @Override
    public void own() {
        owner = Thread.currentThread();
    }

    @Override
    public void block(long nanos) {
        if (nanos == FOREVER) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
    }

    @Override
    public void wake() {
        LockSupport.unpark(owner);
    }
}
