// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A state that a library keeps with the thread, usually in a {@link ThreadLocal}: the MDC of a logger, the current span of a tracer, the
 * signed-in user. {@link Context#mirror} makes it follow tasks and callbacks.
 *
 * <p>Implementations are thread-safe: each thread that runs a loop or a call of a loop uses them. Both methods run around every step, so they
 * should be fast.
 *
 * @param <S> the type of the state, an immutable value or a copy
 */
public interface ThreadState<S extends @Nullable Object> {

    /** Returns the state of the calling thread, as a value that later changes of the thread's state do not affect. */
    S capture();

    /** Makes {@code state}, a result of {@link #capture}, the state of the calling thread. Several threads may restore the same value. */
    void restore(S state);

    /** Returns a state that the two functions capture and restore. */
    static <S extends @Nullable Object> ThreadState<S> of(Supplier<S> capture, Consumer<S> restore) {
        Objects.requireNonNull(capture, "capture");
        Objects.requireNonNull(restore, "restore");
        return new ThreadState<>() {
            @Override
            public S capture() {
                return capture.get();
            }

            @Override
            public void restore(S state) {
                restore.accept(state);
            }

            @Override
            public String toString() {
                return "<ThreadState of " + capture + ">";
            }
        };
    }
}
