// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for five references and three primitives.
 *
 * @param <T> the type of the result
 */
public class FrameR5L3<T extends @Nullable Object> extends FrameR5L2<T> {

    /** The bits of a primitive. */
    public long l2;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR5L3(Entry entry) {
        super(entry);
    }

    /** Suspends a body as {@link Frame#suspend(Frame, Entry, Object, int, Object)} does, with this much room. */
    public static Object suspend(
            @Nullable Frame<?> frame,
            Entry entry,
            @Nullable Object a0,
            @Nullable Object a1,
            @Nullable Object a2,
            @Nullable Object a3,
            @Nullable Object a4,
            long l0,
            long l1,
            long l2,
            int await,
            @Nullable Object awaited) {
        FrameR5L3<?> suspended = frame != null ? (FrameR5L3<?>) frame : new FrameR5L3<>(entry);
        suspended.a0 = a0;
        suspended.a1 = a1;
        suspended.a2 = a2;
        suspended.a3 = a3;
        suspended.a4 = a4;
        suspended.l0 = l0;
        suspended.l1 = l1;
        suspended.l2 = l2;
        return suspended.suspendAt(await, awaited);
    }
}
