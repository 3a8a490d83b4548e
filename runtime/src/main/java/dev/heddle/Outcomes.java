// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.LoopStage;
import dev.heddle.internal.loop.Droppable;
import dev.heddle.internal.report.Throwables;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Transfers outcomes between futures of a loop and {@code CompletableFuture}s. */
final class Outcomes {

    /** Waits for {@code source} and then completes {@code target}. */
    private record View<T>(Future<T> source, LoopStage<T> target) implements Consumer<Future<T>>, Droppable {

        @Override
        public void accept(Future<T> done) {
            source.loop.views.remove(this);
            set(source, target);
        }

        @Override
        public void dropped(IllegalStateException closed) {
            if (source.isDone()) {
                set(source, target);
            } else {
                target.completeExceptionally(closed);
            }
        }
    }

    /** The call of {@code body} that was sent to {@code loop}, where its coroutine becomes a task. */
    private record BodySubmission<T>(AsyncSupplier<T> body, EventLoop loop, LoopStage<T> target)
            implements Runnable, Droppable {

        @Override
        public void run() {
            if (target.isDone()) {
                return;
            }
            try {
                copy(loop.createTask(body), target);
            } catch (Throwable failure) {
                target.fail(failure);
                if (Throwables.leavesLoop(failure)) {
                    throw failure;
                }
            }
        }

        @Override
        public void dropped(IllegalStateException closed) {
            target.completeExceptionally(closed);
        }
    }

    /** A coroutine that was sent to {@code loop}, where it becomes a task. */
    private record Submission<T>(Coroutine<T> coroutine, EventLoop loop, LoopStage<T> target)
            implements Runnable, Droppable {

        @Override
        public void run() {
            if (target.isDone()) {
                coroutine.discard();
                return;
            }
            try {
                copy(loop.createTask(coroutine), target);
            } catch (Throwable failure) {
                target.completeExceptionally(failure);
                throw failure;
            }
        }

        @Override
        public void dropped(IllegalStateException closed) {
            coroutine.discard();
            target.completeExceptionally(closed);
        }
    }

    private Outcomes() {}

    /** Completes {@code target} when {@code source} is done, and cancels {@code source} when {@code target} is cancelled. */
    static <T> void copy(Future<T> source, LoopStage<T> target) {
        if (source.isDone()) {
            set(source, target);
            return;
        }
        if (source.loop.isClosed()) {
            target.completeExceptionally(source.loop.closedError());
            return;
        }
        View<T> view = new View<>(source, target);
        source.addDoneCallback(view);
        if (!(source instanceof Task)) { // the loop knows its tasks
            source.loop.views.add(view);
        }
        CompletableFuture<T> unused = target.whenComplete((value, failure) -> {
            if (target.isCancelled()) {
                source.loop.post(source::cancel);
            }
        });
    }

    /** Runs {@code coroutine} as a task of {@code loop}. The caller is on another thread. */
    static <T> CompletableFuture<T> submit(Coroutine<T> coroutine, EventLoop loop) {
        LoopStage<T> target = new LoopStage<>(loop);
        try {
            loop.callSoonThreadsafe(new Submission<>(coroutine, loop, target));
        } catch (IllegalStateException closed) {
            coroutine.discard();
            throw closed;
        }
        return target;
    }

    /** Calls {@code body} in {@code loop}, and runs its coroutine as a task. May be called on any thread. */
    static <T> CompletableFuture<T> submit(AsyncSupplier<T> body, EventLoop loop) {
        LoopStage<T> target = new LoopStage<>(loop);
        loop.callSoonThreadsafe(new BodySubmission<>(body, loop, target));
        return target;
    }

    private static <T> void set(Future<T> source, LoopStage<T> target) {
        if (source.isCancelled()) {
            target.cancel(false);
            return;
        }
        Throwable failure = source.exception();
        if (failure != null) {
            target.fail(failure);
        } else {
            target.complete(source.result());
        }
    }

    /**
     * Completes {@code target}, unless it is done, with an outcome from outside the loop. A {@code CancellationException} is a failure like
     * any other, unless it means that a stage of a loop was cancelled.
     */
    static <T> void set(@Nullable T value, @Nullable Throwable failure, Future<T> target) {
        if (target.isDone()) {
            return;
        }
        if (failure == null) {
            target.finish(value);
            return;
        }
        if (LoopStage.isCancellation(failure)) {
            target.cancel(null);
        } else {
            target.fail(failure);
        }
    }
}
