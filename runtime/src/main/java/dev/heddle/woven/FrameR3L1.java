// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for three references and one primitive.
 *
 * @param <T> the type of the result
 */
public class FrameR3L1<T extends @Nullable Object> extends FrameR1L1<T> {

    /** A reference. */
    public @Nullable Object a1;

    /** A reference. */
    public @Nullable Object a2;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR3L1(Entry entry) {
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
            int await,
            @Nullable Object awaited) {
        FrameR3L1<?> suspended = frame != null ? (FrameR3L1<?>) frame : new FrameR3L1<>(entry);
        suspended.a0 = a0;
        suspended.a1 = a1;
        suspended.a2 = a2;
        suspended.l0 = l0;
        return suspended.suspendAt(await, awaited);
    }

    @Override
    protected void clear() {
        super.clear();
        a1 = null;
        a2 = null;
    }
}
