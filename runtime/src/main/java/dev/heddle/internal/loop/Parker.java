package dev.heddle.internal.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A {@link Parking} for a loop without channels: it parks the thread. */
public final class Parker implements Parking {

    /**
     * The thread to unpark. Written by the loop's thread before it says in its {@link Inbox} that it is going to sleep, read by
     * threads that have read that there, so the inbox's atomic reference orders the two.
     */
    private @Nullable Thread owner;

    /** A parker that no thread uses yet. */
    public Parker() {}

    /** Says that the calling thread is the one that blocks from now on. */
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
