// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for seven references and three primitives.
 *
 * @param <T> the type of the result
 */
public class FrameR7L3<T extends @Nullable Object> extends FrameR5L3<T> {

    /** A reference. */
    public @Nullable Object a5;

    /** A reference. */
    public @Nullable Object a6;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR7L3(Entry entry) {
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
            @Nullable Object a5,
            @Nullable Object a6,
            long l0,
            long l1,
            long l2,
            int await,
            @Nullable Object awaited) {
        FrameR7L3<?> suspended = frame != null ? (FrameR7L3<?>) frame : new FrameR7L3<>(entry);
        suspended.a0 = a0;
        suspended.a1 = a1;
        suspended.a2 = a2;
        suspended.a3 = a3;
        suspended.a4 = a4;
        suspended.a5 = a5;
        suspended.a6 = a6;
        suspended.l0 = l0;
        suspended.l1 = l1;
        suspended.l2 = l2;
        return suspended.suspendAt(await, awaited);
    }

    @Override
    protected void clear() {
        super.clear();
        a5 = null;
        a6 = null;
    }
}
