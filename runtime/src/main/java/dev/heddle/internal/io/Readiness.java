// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.io;

import dev.heddle.coroutines.ParkingFrame;
import dev.heddle.internal.loop.LoopCore;
import org.jspecify.annotations.Nullable;

/** The wait for one operation of a {@link Pollable}. It is the same object each time, so that waiting allocates nothing. */
final class Readiness extends ParkingFrame<Void> {

    private static final Native READABLE = new Native(Pollable.class, "readable");
    private static final Native WRITABLE = new Native(Pollable.class, "writable");

    private final Pollable pollable;
    final int operations;

    /** Waits for any of {@code operations}, constants of {@link java.nio.channels.SelectionKey}. */
    Readiness(Pollable pollable, int operations) {
        super((operations & Pollable.READING) != 0 ? READABLE : WRITABLE);
        this.pollable = pollable;
        this.operations = operations;
    }

    @Override
    protected Object start() {
        pollable.watch(operations, this);
        LoopCore core = pollable.core;
        if (core.clock.isVirtual()) {
            core.outside.beginChannel();
        }
        return park(1);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        LoopCore core = pollable.core;
        if (core.clock.isVirtual()) {
            core.outside.endChannel();
        }
        return take();
    }
}
