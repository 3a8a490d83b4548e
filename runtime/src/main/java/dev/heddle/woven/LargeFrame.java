// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A frame with room for any number of values. Values for which there is no field are in two arrays.
 *
 * @param <T> the type of the result
 */
public final class LargeFrame<T extends @Nullable Object> extends FrameR7L3<T> {

    /** The number of references that have a field. */
    private static final int FIELDS = 7;

    /** The number of references that a character of {@code kept} describes. */
    private static final int BITS = 6;

    /** The references that have no field. */
    public final @Nullable Object[] references;

    /** The bits of the primitives that have no field. */
    public final long[] primitives;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public LargeFrame(Entry entry, int references, int primitives) {
        super(entry);
        this.references = new @Nullable Object[references];
        this.primitives = new long[primitives];
    }

    /** Returns {@code frame}. If it is null, because the body was called directly, returns a new frame with arrays of the given lengths. */
    public static LargeFrame<?> of(@Nullable Frame<?> frame, Entry entry, int references, int primitives) {
        return frame != null ? (LargeFrame<?>) frame : new LargeFrame<>(entry, references, primitives);
    }

    /**
     * Suspends this at the await that the driver has recorded, and drops the references that are dead there. Bodies that are too long to contain code for
     * each await call this.
     *
     * @param first the state that precedes the state of the first await
     * @param kept for each await in order, the references that are kept there: six to a character, the first one in the lowest bit. The bit above them has no
     *     meaning
     * @return {@link Suspension#SUSPENDED}, for the body to return
     */
    public Object suspendKeeping(int first, String kept) {
        Driver driver = Driver.current();
        int number = driver.suspendingAt();
        int chars = (FIELDS + references.length + BITS - 1) / BITS;
        int from = (number - 1) * chars;
        dropFields((kept.charAt(from) & ((1 << BITS) - 1)) | (kept.charAt(from + 1) << BITS));
        for (int i = 0; i < references.length; i++) {
            int bit = FIELDS + i;
            if ((kept.charAt(from + bit / BITS) >> bit % BITS & 1) == 0) {
                references[i] = null;
            }
        }
        return suspendAt(first + number, driver.takeSuspendingFor());
    }

    private void dropFields(int kept) {
        a0 = (kept & 1) == 0 ? null : a0;
        a1 = (kept & 2) == 0 ? null : a1;
        a2 = (kept & 4) == 0 ? null : a2;
        a3 = (kept & 8) == 0 ? null : a3;
        a4 = (kept & 16) == 0 ? null : a4;
        a5 = (kept & 32) == 0 ? null : a5;
        a6 = (kept & 64) == 0 ? null : a6;
    }

    @Override
    protected void clear() {
        super.clear();
        Arrays.fill(references, null);
    }
}
