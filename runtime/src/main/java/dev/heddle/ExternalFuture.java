// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.LoopStage;
import dev.heddle.internal.loop.OutsideWork;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.internal.report.Text;
import dev.heddle.internal.report.Throwables;
import dev.heddle.internal.threads.Job;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A future that is completed from outside the loop's thread. Its loop counts it while it is pending, so that a virtual clock does not run
 * ahead of the outside.
 */
final class ExternalFuture<T extends @Nullable Object> extends Future<T>
        implements BiConsumer<@Nullable T, @Nullable Throwable>, OutsideWork.Expected {

    /** The thread that is subscribing to the stage; null afterwards. Volatile because another thread may complete the stage immediately. */
    private volatile @Nullable Thread subscribing;

    /** What this future waits for: a {@link CompletionStage}, a {@link Job}, or what to call if it is cancelled. Null when this future is done. */
    private @Nullable Object source;

    /** Whether a cancellation of this future leaves its stage alone. */
    private final boolean shares;

    private ExternalFuture(EventLoop loop, @Nullable Object source, boolean shares) {
        super(loop);
        this.source = source;
        this.shares = shares;
    }

    /**
     * Creates a future with the outcome of {@code stage}. Cancelling the future cancels the stage. If the stage is done, so is the future.
     */
    static <T> Future<T> of(CompletionStage<T> stage, EventLoop loop) {
        return subscribed(new ExternalFuture<>(loop, stage, false), stage);
    }

    /** As {@link #of(CompletionStage, EventLoop)}, but cancelling the future leaves the stage alone. */
    static <T> Future<T> sharing(CompletionStage<T> stage, EventLoop loop) {
        return subscribed(new ExternalFuture<>(loop, stage, true), stage);
    }

    private static <T> Future<T> subscribed(ExternalFuture<T> future, CompletionStage<T> stage) {
        EventLoop loop = future.loop;
        StackRoom.require(); // for accept, whose errors a stage that is done already keeps to itself
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

    /** Creates a future with the outcome of {@code callable} in {@code executor}. Cancelling it drops the call if it has not begun. */
    static <T> Future<T> of(Callable<T> callable, Executor executor, EventLoop loop) {
        ExternalFuture<T> future = new ExternalFuture<>(loop, null, false);
        Job<T> job = new Job<>(callable, future::deliver, loop.executor.callersIn(executor));
        future.source = job;
        loop.core.outside.begin(future);
        try {
            executor.execute(job);
        } catch (Throwable refused) { // also errors, for example if a thread cannot be started
            future.cancel();
            throw refused;
        }
        return future;
    }

    /** Creates a future with the outcome that is passed to {@link #deliver}. Cancelling the future calls {@code whenCancelled}. */
    static <T> ExternalFuture<T> of(Runnable whenCancelled, EventLoop loop) {
        ExternalFuture<T> future = new ExternalFuture<>(loop, whenCancelled, false);
        loop.core.outside.begin(future);
        return future;
    }

    @Override
    public boolean isForCall() {
        return source instanceof Job<?>;
    }

    @Override
    public boolean isForOwnStage() {
        return source instanceof LoopStage<?> made && made.isOf(loop);
    }

    @Override
    public boolean waitsForLoop() {
        return source instanceof LoopStage<?> made && made.waitsForLoop();
    }

    private void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException unsupported) {
            // The stage cannot be cancelled. It continues, and its result is dropped.
        } catch (RuntimeException failure) { // must not prevent waiters from continuing
            reportCancelling(Text.of(stage), failure);
        }
    }

    /** Reports {@code failure} of an action that should cancel what this future waits for. May be called on any thread. */
    void reportCancelling(String what, Throwable failure) {
        if (loop.core.isOnThread()) {
            loop.errors.report("Exception in cancelling " + what, failure, "future", this);
        } else {
            loop.post(() -> loop.errors.report("Exception in cancelling " + what, failure, "future", this));
        }
    }

    /** Receives the outcome of a stage, on any thread. */
    @Override
    public void accept(@Nullable T value, @Nullable Throwable failure) {
        deliver(value, failure == null ? null : Throwables.unwrapped(failure));
    }

    /** Passes an outcome from any thread to the loop's thread. It is dropped if the loop is closed. */
    void deliver(@Nullable T value, @Nullable Throwable failure) {
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
            cancelSource();
        }
        source = null;
    }

    private void cancelSource() {
        if (source instanceof Job<?> job) {
            job.drop();
        } else if (source instanceof CompletionStage<?> stage) {
            if (!shares && subscribing == null) { // not if subscribing to the stage has failed
                cancel(stage);
            }
        } else if (source instanceof Runnable whenCancelled) {
            whenCancelled.run();
        }
    }
}
