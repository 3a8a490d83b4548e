package dev.heddle;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A future that something outside the loop's thread is going to complete. While it is pending its loop counts it, so that a virtual
 * clock does not run away from the outside.
 */
final class ExternalFuture<T extends @Nullable Object> extends Future<T>
        implements BiConsumer<@Nullable T, @Nullable Throwable> {

    /** The thread that is subscribing to the outside at this moment, null afterwards. Volatile, as the outside may answer at once. */
    private volatile @Nullable Thread subscribing;

    /** What tells the outside that nobody waits any more, null when it need not know. Used on the loop's thread. */
    private @Nullable Runnable abandon;

    private ExternalFuture(EventLoop loop) {
        super(loop);
        loop.turns.expectOutside(1);
    }

    /** A future of what {@code stage} ends with; cancelling the future cancels the stage. Done at once if the stage is. */
    static <T> Future<T> of(CompletionStage<T> stage, EventLoop loop) {
        ExternalFuture<T> future = new ExternalFuture<>(loop);
        future.subscribing = Thread.currentThread();
        try {
            stage.whenComplete(future);
        } catch (Throwable refused) {
            future.cancel();
            throw refused;
        }
        future.subscribing = null;
        if (!future.isDone()) {
            future.abandon = () -> future.cancel(stage);
        }
        return future;
    }

    /** A future of what {@code callable} does in {@code executor}; cancelling it drops a call that has not begun. */
    static <T> Future<T> of(Callable<T> callable, Executor executor, EventLoop loop) {
        ExternalFuture<T> future = new ExternalFuture<>(loop);
        Job<T> job = new Job<>(callable, future::deliver, loop.executor.callersIn(executor));
        future.abandon = job::drop;
        try {
            executor.execute(job);
        } catch (Throwable refused) { // an error too: a thread that cannot be started is one
            future.cancel();
            throw refused;
        }
        return future;
    }

    private void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException unsupported) {
            // A stage that cannot be reached goes on, and its result is dropped.
        } catch (RuntimeException failure) { // which must not keep those from going on who wait for this
            loop.errors.report("Exception in cancelling " + Text.of(stage), failure, "future", this);
        }
    }

    /** Takes the outcome of a stage, on any thread. */
    @Override
    public void accept(@Nullable T value, @Nullable Throwable failure) {
        deliver(value, failure == null ? null : Throwables.unwrapped(failure));
    }

    /** Takes an outcome, which is given on any thread, to the loop's thread. It is dropped if the loop is closed. */
    private void deliver(@Nullable T value, @Nullable Throwable failure) {
        if (Thread.currentThread() == subscribing || loop.turns.isOnThread()) {
            Outcomes.set(value, failure, this);
        } else {
            loop.post(() -> Outcomes.set(value, failure, this));
        }
    }

    @Override
    void completed() {
        loop.turns.expectOutside(-1);
        if (isCancelled() && abandon != null) {
            Objects.requireNonNull(abandon).run();
        }
        abandon = null;
    }
}
