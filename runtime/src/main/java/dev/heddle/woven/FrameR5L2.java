// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for five references and two primitives.
 *
 * @param <T> the type of the result
 */
public class FrameR5L2<T extends @Nullable Object> extends FrameR3L2<T> {

    /** A reference. */
    public @Nullable Object a3;

    /** A reference. */
    public @Nullable Object a4;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR5L2(Entry entry) {
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
            int await,
            @Nullable Object awaited) {
        FrameR5L2<?> suspended = frame != null ? (FrameR5L2<?>) frame : new FrameR5L2<>(entry);
        suspended.a0 = a0;
        suspended.a1 = a1;
        suspended.a2 = a2;
        suspended.a3 = a3;
        suspended.a4 = a4;
        suspended.l0 = l0;
        suspended.l1 = l1;
        return suspended.suspendAt(await, awaited);
    }

    @Override
    protected void clear() {
        super.clear();
        a3 = null;
        a4 = null;
    }
}
