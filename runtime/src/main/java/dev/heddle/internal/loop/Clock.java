// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** Tells a loop the time, in nanoseconds since an arbitrary origin. The time never goes back. */
public interface Clock {

    /** Returns the time. Thread-safe. */
    long nanos();

    /**
     * Sets the time forward without waiting.
     *
     * @return false if this clock cannot jump, so that the caller has to wait
     */
    boolean jumpTo(long nanos);

    /** Whether time passes only by {@link #jumpTo}. */
    boolean isVirtual();
}
