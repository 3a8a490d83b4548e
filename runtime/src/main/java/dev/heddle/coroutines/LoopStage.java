package dev.heddle.coroutines;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A stage that a loop completes, for other threads and loops. Two questions have an answer for such a stage that no other one gives: whether it
 * was cancelled, or a library has failed with a {@code CancellationException}; and whether the loop that awaits it is the one that completes
 * it. The stages that are derived from it, by {@code thenApply} and the like, answer both as well.
 *
 * @param <T> the type of the result
 */
public final class LoopStage<T extends @Nullable Object> extends CompletableFuture<T> {

    /** The failure of a cancelled stage inside the library. Everybody else sees a {@code CancellationException}. */
    private static final class Cancelled extends CancellationException {

        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("OverrideThrowableToString") // nobody is to see the name of this class
        public String toString() {
            return CancellationException.class.getName();
        }
    }

    private final Object loop;

    /** The stage that the loop completes: this, or the one from which this is derived. */
    private final LoopStage<?> source;

    /** A stage that {@code loop} is going to complete. */
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

    /** Fails. A {@code CancellationException} gets a wrapper, because this would otherwise count as cancelled. */
    public void fail(Throwable failure) {
        completeExceptionally(failure instanceof CancellationException ? new CompletionException(failure) : failure);
    }

    /** Whether {@code failure} says that a stage of this class was cancelled. Some JDKs wrap it when they throw it from {@code join}. */
    public static boolean isCancellation(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CancellationException && !(cause instanceof Cancelled)) {
            cause = cause.getCause();
        }
        return cause instanceof Cancelled;
    }

    /** Whether {@code candidate} is the loop that completes this, or the stage from which this is derived. */
    public boolean isOf(Object candidate) {
        return loop == candidate;
    }

    /** Whether the loop has still to complete this, or the stage from which this is derived. Called on any thread. */
    public boolean waitsForLoop() {
        return !source.isDone();
    }
}
