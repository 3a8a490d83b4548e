// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/** A wait until all items of a queue are done. */
final class JoinFrame extends Waiter<Void> {

    private static final Native ENTRY = new Native(Queue.class, "join");

    private final WaitQueue joiners;

    JoinFrame(WaitQueue joiners) {
        super(ENTRY);
        this.joiners = joiners;
    }

    @Override
    protected @Nullable Object start() {
        return waitIn(joiners, 1);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        leave();
        take();
        return null;
    }
}
