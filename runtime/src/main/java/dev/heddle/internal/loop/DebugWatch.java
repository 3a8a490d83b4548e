// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** Watches the loops that run in debug mode. The event loop finds the implementation by its name, so that it does not depend on the watchdog. */
public interface DebugWatch {

    /**
     * Watches {@code loop}, an event loop, unless it is watched already. Called on its thread before each turn that runs in debug mode and in real
     * time. A probe that this call adds to the loop observes that turn.
     *
     * @param limit the number of nanoseconds that a step may take
     */
    void watch(Object loop, long limit);
}
