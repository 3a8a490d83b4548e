// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.coroutines;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A stage that a loop completes, for other threads and loops. Unlike any other stage, it can answer two questions: whether it was
 * cancelled, as opposed to a library that failed with a {@code CancellationException}; and whether the loop that awaits it is the loop that
 * completes it. Stages derived from it, by {@code thenApply} for example, can answer both as well.
 *
 * @param <T> the type of the result
 */
public final class LoopStage<T extends @Nullable Object> extends CompletableFuture<T> {

    /** The failure of a cancelled stage inside the library. Programs see a {@code CancellationException}. */
    private static final class Cancelled extends CancellationException {

        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("OverrideThrowableToString") // hides the name of this class
        public String toString() {
            return CancellationException.class.getName();
        }
    }

    private final Object loop;

    /** The stage that the loop completes: this stage, or the stage from which it is derived. */
    private final LoopStage<?> source;

    /** Creates a stage that {@code loop} is going to complete. */
    public LoopStage(Object loop) {
        this.loop = loop;
        this.source = this;
    }

    private LoopStage(LoopStage<?> source) {
        this.loop = source.loop;
        this.source = source;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new LoopStage<>(source);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return completeExceptionally(new Cancelled()) || isCancelled();
    }

    /** Makes this stage fail. A {@code CancellationException} is wrapped, because the stage would otherwise count as cancelled. */
    public void fail(Throwable failure) {
        completeExceptionally(failure instanceof CancellationException ? new CompletionException(failure) : failure);
    }

    /** Whether {@code failure} means that a stage of this class was cancelled. Some JDKs wrap it when {@code join} throws it. */
    public static boolean isCancellation(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CancellationException && !(cause instanceof Cancelled)) {
            cause = cause.getCause();
        }
        return cause instanceof Cancelled;
    }

    /** Whether {@code candidate} is the loop that completes this stage, or the stage from which it is derived. */
    public boolean isOf(Object candidate) {
        return loop == candidate;
    }

    /** Whether the loop still has to complete this stage, or the stage from which it is derived. Thread-safe. */
    public boolean waitsForLoop() {
        return !source.isDone();
    }
}
