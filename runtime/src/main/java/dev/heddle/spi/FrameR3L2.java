package dev.heddle.spi;

import org.jspecify.annotations.Nullable;

/**
 * A frame with room for three references and two primitives.
 *
 * @param <T> the type of the result
 */
public class FrameR3L2<T extends @Nullable Object> extends FrameR3L1<T> {

    /** The bits of a primitive. */
    public long l1;

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR3L2(Entry entry) {
        super(entry);
    }

    /** As {@link Frame#of}, with this much room. */
    public static FrameR3L2<?> of(@Nullable Frame<?> frame, Entry entry, @Nullable Object receiver) {
        return frame != null ? (FrameR3L2<?>) frame : withReceiver(new FrameR3L2<>(entry), receiver);
    }
}
