// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** A clock for tests. It starts at 0, and its time passes only when the loop has nothing else to do. */
public final class VirtualClock implements Clock {

    /** Written by the loop's thread. Volatile because any thread may read the time. */
    private volatile long now;

    /** Creates a clock at 0. */
    public VirtualClock() {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public boolean jumpTo(long nanos) {
        now = Math.max(now, nanos);
        return true;
    }

    @Override
    public boolean isVirtual() {
        return true;
    }
}
