package dev.heddle.spi;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for five references and three primitives.
 *
 * @param <T> the type of the result
 */
public class FrameR5L3<T extends @Nullable Object> extends FrameR5L2<T> {

    /** The bits of a primitive. */
    public long l2;

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR5L3(Entry entry) {
        super(entry);
    }

    /** As {@link Frame#of}, with this much room. */
    public static FrameR5L3<?> of(@Nullable Frame<?> frame, Entry entry, @Nullable Object receiver) {
        return frame != null ? (FrameR5L3<?>) frame : withReceiver(new FrameR5L3<>(entry), receiver);
    }
}
