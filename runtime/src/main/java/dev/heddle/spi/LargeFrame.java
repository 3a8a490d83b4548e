package dev.heddle.spi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A frame with room for any number of values: those beyond the fields are in two arrays.
 *
 * @param <T> the type of the result
 */
public final class LargeFrame<T extends @Nullable Object> extends FrameR7L3<T> {

    /** The references that have no field. */
    public final @Nullable Object[] references;

    /** The bits of the primitives that have no field. */
    public final long[] primitives;

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public LargeFrame(Entry entry, int references, int primitives) {
        super(entry);
        this.references = new @Nullable Object[references];
        this.primitives = new long[primitives];
    }

    /** {@code frame}, or a new one for a body that was called directly, with arrays of the given lengths. */
    public static LargeFrame<?> of(@Nullable Frame<?> frame, Entry entry, int references, int primitives) {
        return frame != null ? (LargeFrame<?>) frame : new LargeFrame<>(entry, references, primitives);
    }

    @Override
    protected void clear() {
        super.clear();
        Arrays.fill(references, null);
    }
}
