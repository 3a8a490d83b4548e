// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for three references and two primitives.
 *
 * @param <T> the type of the result
 */
public class FrameR3L2<T extends @Nullable Object> extends FrameR3L1<T> {

    /** The bits of a primitive. */
    public long l1;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR3L2(Entry entry) {
        super(entry);
    }

    /** Suspends a body as {@link Frame#suspend(Frame, Entry, Object, int, Object)} does, with this much room. */
    public static Object suspend(
            @Nullable Frame<?> frame,
            Entry entry,
            @Nullable Object a0,
            @Nullable Object a1,
            @Nullable Object a2,
            long l0,
            long l1,
            int await,
            @Nullable Object awaited) {
        FrameR3L2<?> suspended = frame != null ? (FrameR3L2<?>) frame : new FrameR3L2<>(entry);
        suspended.a0 = a0;
        suspended.a1 = a1;
        suspended.a2 = a2;
        suspended.l0 = l0;
        suspended.l1 = l1;
        return suspended.suspendAt(await, awaited);
    }
}
