package dev.heddle.spi;

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

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR3L1(Entry entry) {
        super(entry);
    }

    /** As {@link Frame#of}, with this much room. */
    public static FrameR3L1<?> of(@Nullable Frame<?> frame, Entry entry, @Nullable Object receiver) {
        return frame != null ? (FrameR3L1<?>) frame : withReceiver(new FrameR3L1<>(entry), receiver);
    }

    @Override
    void clear() {
        super.clear();
        a1 = null;
        a2 = null;
    }
}
