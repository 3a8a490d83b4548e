// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** Blocks the thread of a loop until there is work for it. */
public interface Parking {

    /** Passed to {@link #block} for a wait without a limit. */
    long FOREVER = Long.MAX_VALUE;

    /**
     * Blocks the loop's thread until {@link #wake} is called, {@code nanos} nanoseconds have passed, or the thread is interrupted. It may
     * also return spuriously. The interrupt flag is not cleared.
     */
    void block(long nanos);

    /** Called by the thread that is going to block, when it begins to run the loop. */
    default void own() {}

    /** Ends the current call of {@link #block}, or the next one. Thread-safe. */
    void wake();
}
