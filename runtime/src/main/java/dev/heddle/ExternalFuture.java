package dev.heddle;

import dev.heddle.coroutines.LoopStage;
import dev.heddle.internal.loop.OutsideWork;
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
        implements BiConsumer<@Nullable T, @Nullable Throwable>, OutsideWork.Expected {

    /** The thread that is subscribing to the outside at this moment, null afterwards. Volatile, as the outside may answer at once. */
    private volatile @Nullable Thread subscribing;

    /** The stage this waits for, null for a call and when this is done. */
    private @Nullable CompletionStage<T> stage;

    /** The call this waits for, null for a stage and when this is done. */
    private @Nullable Job<T> job;

    private ExternalFuture(EventLoop loop, @Nullable CompletionStage<T> stage) {
        super(loop);
        this.stage = stage;
    }

    /** A future of the outcome of {@code stage}; cancelling the future cancels the stage. Done at once if the stage is. */
    static <T> Future<T> of(CompletionStage<T> stage, EventLoop loop) {
        ExternalFuture<T> future = new ExternalFuture<>(loop, stage);
        loop.core.outside.begin(future);
        future.subscribing = Thread.currentThread();
        try {
            stage.whenComplete(future);
        } catch (Throwable refused) {
            future.cancel();
            throw refused;
        }
        future.subscribing = null;
        return future;
    }

    /** A future of what {@code callable} does in {@code executor}; cancelling it drops a call that has not begun. */
    static <T> Future<T> of(Callable<T> callable, Executor executor, EventLoop loop) {
        ExternalFuture<T> future = new ExternalFuture<>(loop, null);
        Job<T> job = new Job<>(callable, future::deliver, loop.executor.callersIn(executor));
        future.job = job;
        loop.core.outside.begin(future);
        try {
            executor.execute(job);
        } catch (Throwable refused) { // an error too: a thread that cannot be started is one
            future.cancel();
            throw refused;
        }
        return future;
    }

    @Override
    public boolean isForCall() {
        return job != null;
    }

    @Override
    public boolean isForOwnStage() {
        return stage instanceof LoopStage<?> made && made.isOf(loop);
    }

    @Override
    public boolean waitsForLoop() {
        return stage instanceof LoopStage<?> made && made.waitsForLoop();
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
        if (Thread.currentThread() == subscribing || loop.core.isOnThread()) {
            Outcomes.set(value, failure, this);
        } else {
            loop.post(() -> Outcomes.set(value, failure, this));
        }
    }

    @Override
    void completed() {
        loop.core.outside.end(this);
        if (isCancelled()) {
            if (job != null) {
                job.drop();
            } else if (stage != null && subscribing == null) { // a stage that could not be subscribed to is left alone
                cancel(stage);
            }
        }
        job = null;
        stage = null;
    }
}
