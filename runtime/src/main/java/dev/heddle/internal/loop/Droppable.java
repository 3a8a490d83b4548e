// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** A callback that must be notified if its loop is closed before the callback has run, because another thread waits for it. */
public interface Droppable {

    /** Called instead of the callback. {@code closed} is the reason. */
    void dropped(IllegalStateException closed);
}
