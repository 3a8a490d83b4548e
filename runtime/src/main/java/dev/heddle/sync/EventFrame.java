// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/** A wait for an event that is not set. */
final class EventFrame extends Waiter<Boolean> {

    private static final Native ENTRY = new Native(Event.class, "waitSet");

    private final WaitQueue waiters;

    EventFrame(WaitQueue waiters) {
        super(ENTRY);
        this.waiters = waiters;
    }

    @Override
    protected @Nullable Object start() {
        return waitIn(waiters, 1);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        leave();
        take();
        return true;
    }
}
