// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for one reference and one primitive.
 *
 * @param <T> the type of the result
 */
public class FrameR1L1<T extends @Nullable Object> extends Frame<T> {

    /** The bits of a primitive. */
    public long l0;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR1L1(Entry entry) {
        super(entry);
    }

    /** Suspends a body as {@link Frame#suspend(Frame, Entry, Object, int, Object)} does, with this much room. */
    public static Object suspend(
            @Nullable Frame<?> frame, Entry entry, @Nullable Object a0, long l0, int await, @Nullable Object awaited) {
        FrameR1L1<?> suspended = frame != null ? (FrameR1L1<?>) frame : new FrameR1L1<>(entry);
        suspended.a0 = a0;
        suspended.l0 = l0;
        return suspended.suspendAt(await, awaited);
    }
}
