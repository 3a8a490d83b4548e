package dev.heddle;

import dev.heddle.spi.Suspendable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that is set once, Python's {@code asyncio.Future}.
 *
 * @param <T> the type of the result
 */
public non-sealed class Future<T> extends Suspendable implements Awaitable<T> {

    Future() {}

    @Override
    protected final @Nullable Object begin() { throw new UnsupportedOperationException("not yet"); }

    /** The result. */
    public final T result() { throw new UnsupportedOperationException("not yet"); }

    /** The failure. */
    public final @Nullable Throwable exception() { throw new UnsupportedOperationException("not yet"); }

    /** Whether this has a result, has failed or was cancelled. */
    public final boolean isDone() { throw new UnsupportedOperationException("not yet"); }

    /** Whether this was cancelled. */
    public final boolean isCancelled() { throw new UnsupportedOperationException("not yet"); }

    /** Cancels. */
    public final boolean cancel() { throw new UnsupportedOperationException("not yet"); }

    /** Cancels. */
    public boolean cancel(@Nullable String message) { throw new UnsupportedOperationException("not yet"); }

    /** Calls back. */
    public final void addDoneCallback(Consumer<? super Future<T>> callback) { throw new UnsupportedOperationException("not yet"); }

    /** Calls back no more. */
    public final int removeDoneCallback(Consumer<? super Future<T>> callback) { throw new UnsupportedOperationException("not yet"); }

    /** Completes. */
    public void setResult(T result) { throw new UnsupportedOperationException("not yet"); }

    /** Fails. */
    public void setException(Throwable exception) { throw new UnsupportedOperationException("not yet"); }

    /** The loop. */
    public final EventLoop loop() { throw new UnsupportedOperationException("not yet"); }

    /** A view. */
    public final CompletableFuture<T> toCompletableFuture() { throw new UnsupportedOperationException("not yet"); }
}
