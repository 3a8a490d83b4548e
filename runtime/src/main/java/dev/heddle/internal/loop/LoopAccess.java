// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives other packages of the library access to the {@link LoopCore} of an event loop. The class of event loops therefore needs no public member
 * for them. Used on any thread.
 */
public final class LoopAccess {

    /** Set before the first event loop is created. */
    private static volatile @Nullable Function<Object, LoopCore> cores;

    private LoopAccess() {}

    /** Sets the function that returns the core of an event loop. Called when the class of event loops is initialised. */
    public static void open(Function<Object, LoopCore> function) {
        cores = function;
    }

    /** Returns the core of {@code loop}, an event loop. */
    public static LoopCore core(Object loop) {
        Objects.requireNonNull(loop, "loop");
        return Objects.requireNonNull(cores).apply(loop);
    }
}
