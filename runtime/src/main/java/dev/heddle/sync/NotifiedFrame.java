// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.CancelledError;
import dev.heddle.internal.loop.StackRoom;
import org.jspecify.annotations.Nullable;

/** A wait for a notification, without the lock, and then for the lock. */
final class NotifiedFrame extends Waiter<Boolean> {

    private static final Native ENTRY = new Native(Condition.class, "waitNotified");

    private static final int NOTIFICATION = 1;
    private static final int LOCK = 2;

    private final Condition condition;

    /** The acquisition of the lock that this wait interrupts. */
    private @Nullable Hold hold;

    /** The last cancellation, to be thrown once the lock is held. */
    private @Nullable CancelledError cancelled;

    NotifiedFrame(Condition condition) {
        super(ENTRY);
        this.condition = condition;
    }

    @Override
    protected @Nullable Object start() {
        StackRoom.require();
        Object suspended = waitIn(condition.waiters, NOTIFICATION);
        hold = condition.lock.interrupt();
        return suspended;
    }

    @Override
    protected @Nullable Object resumed(int await) {
        try {
            if (await == NOTIFICATION) {
                leave();
            }
            boolean interrupted = interrupted();
            return await == LOCK && !interrupted ? outcome() : acquire();
        } catch (Throwable failure) {
            condition.waiters.wakeNext(); // this waiter may have been notified; pass the notification on
            throw failure;
        }
    }

    /** Whether the await that ended was cancelled. */
    private boolean interrupted() {
        try {
            take();
            return false;
        } catch (CancelledError error) {
            cancelled = error;
            return true;
        }
    }

    private @Nullable Object acquire() {
        if (condition.lock.isFree()) {
            condition.lock.take(hold);
            return outcome();
        }
        return await(LOCK, new LockFrame(condition.lock, hold));
    }

    private Boolean outcome() {
        if (cancelled != null) {
            throw cancelled;
        }
        return true;
    }
}
