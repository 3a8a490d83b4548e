package dev.heddle.spi;

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

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public FrameR7L3(Entry entry) {
        super(entry);
    }

    /** As {@link Frame#of}, with this much room. */
    public static FrameR7L3<?> of(@Nullable Frame<?> frame, Entry entry, @Nullable Object receiver) {
        return frame != null ? (FrameR7L3<?>) frame : withReceiver(new FrameR7L3<>(entry), receiver);
    }

    @Override
    void clear() {
        super.clear();
        a5 = null;
        a6 = null;
    }
}
