package dev.heddle.spi;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for one reference and one primitive.
 *
 * @param <T> the type of the result
 */
public class FrameR1L1<T extends @Nullable Object> extends Frame<T> {

    /** The bits of a primitive. */
    public long l0;

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR1L1(Entry entry) {
        super(entry);
    }

    /** As {@link Frame#of}, with this much room. */
    public static FrameR1L1<?> of(@Nullable Frame<?> frame, Entry entry, @Nullable Object receiver) {
        return frame != null ? (FrameR1L1<?>) frame : withReceiver(new FrameR1L1<>(entry), receiver);
    }
}
