package dev.heddle.spi;

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

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR5L2(Entry entry) {
        super(entry);
    }

    /** As {@link Frame#of}, with this much room. */
    public static FrameR5L2<?> of(@Nullable Frame<?> frame, Entry entry, @Nullable Object receiver) {
        return frame != null ? (FrameR5L2<?>) frame : withReceiver(new FrameR5L2<>(entry), receiver);
    }

    @Override
    void clear() {
        super.clear();
        a3 = null;
        a4 = null;
    }
}
