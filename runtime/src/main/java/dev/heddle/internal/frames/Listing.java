// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.frames;

import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspendable;

/**
 * Finds out whether a list contains a coroutine twice, without a table: a mark in the state of each frame shows that it has been seen. No other code may
 * run between the first {@link #enter} and the last {@link #leave}.
 */
public final class Listing {

    /** The {@link Frame#state} of a marked frame, instead of {@link Frame#CREATED}. */
    private static final int LISTED = -3;

    private Listing() {}

    /** Marks {@code coroutine}. Returns false if it is marked already, has begun, or is not a frame. */
    public static boolean enter(Suspendable coroutine) {
        if (coroutine instanceof Frame<?> frame && frame.state == Frame.CREATED) {
            frame.state = LISTED;
            return true;
        }
        return false;
    }

    /** Removes the mark of {@code coroutine}, if it has one. */
    public static void leave(Suspendable coroutine) {
        if (coroutine instanceof Frame<?> frame && frame.state == LISTED) {
            frame.state = Frame.CREATED;
        }
    }
}
