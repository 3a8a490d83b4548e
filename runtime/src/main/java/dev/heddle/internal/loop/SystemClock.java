// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** The clock of the machine, shared by all loops of the process. */
public final class SystemClock implements Clock {

    /** The only instance. */
    public static final SystemClock INSTANCE = new SystemClock();

    /** Keeps times small, so that seconds in a {@code double} are exact to the nanosecond for a hundred days. */
    private final long origin = System.nanoTime();

    private SystemClock() {}

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public boolean jumpTo(long nanos) {
        return false;
    }

    @Override
    public boolean isVirtual() {
        return false;
    }
}
