// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** A {@link Parking} that also watches for events from outside: for channels that become ready, for example. Used on the loop's thread. */
public interface Polling extends Parking {

    /** Delivers the events that have occurred, without waiting. {@link #block} delivers them as well, before it returns. */
    void poll();
}
