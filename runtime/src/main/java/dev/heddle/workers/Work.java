// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import dev.heddle.AsyncSupplier;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Task;
import dev.heddle.coroutines.LoopStage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A coroutine that was submitted to a worker and has not ended. As a callback on the worker's loop, it creates the task. */
final class Work<T extends @Nullable Object> implements Runnable, Consumer<Future<T>> {

    /** The future that {@code submit} returns. */
    final LoopStage<T> result;

    /** Completed when the coroutine has ended, which may be long after the caller cancelled {@link #result}. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final Worker worker;
    private final AsyncSupplier<T> function;

    /** Null until the coroutine has become a task. Used on the worker's thread. */
    private @Nullable Task<T> task;

    /** Whether the task was cancelled from outside. */
    private boolean cancelled;

    Work(Worker worker, AsyncSupplier<T> function) {
        this.worker = worker;
        this.result = new LoopStage<>(worker.loop);
        this.function = function;
    }

    @Override
    public void run() {
        if (result.isDone()) {
            worker.end(this); // cancelled before it began
            return;
        }
        if (worker.isEnding()) {
            worker.drop(this);
            return;
        }
        Task<T> made;
        try {
            made = worker.loop.createTask(Workers.submit(worker, function));
        } catch (InternalError | UnknownError | InterruptError failure) { // thrown by the loop's task factory, as below
            refuse(failure);
            throw failure;
        } catch (Throwable failure) {
            refuse(failure);
            return;
        }
        task = made;
        made.addDoneCallback(this);
        CompletableFuture<T> unused = result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                worker.post(this::cancel);
            }
        });
    }

    private void refuse(Throwable failure) {
        worker.end(this);
        result.completeExceptionally(failure);
    }

    /**
     * Cancels the task, or keeps the coroutine from becoming one. A task is cancelled only once, and not while the worker ends, because it
     * may be cleaning up by then. Called on the worker's thread.
     *
     * @return the task, or null if there is none
     */
    @Nullable
    Task<T> cancel() {
        if (task == null) {
            result.cancel(false);
        } else if (!cancelled && !worker.isEnding()) {
            cancelled = true;
            task.cancel();
        }
        return task;
    }

    /** Describes the task for a report. Called on the worker's thread. */
    @Override
    public String toString() {
        return task == null ? "not begun: " + function : task.toString();
    }

    /** Called on the worker's thread when the task is done. */
    @Override
    public void accept(Future<T> done) {
        worker.end(this);
        if (done.isCancelled()) {
            Throwable death = worker.death();
            if (death == null) {
                result.cancel(false);
            } else {
                result.completeExceptionally(worker.died(death));
            }
            return;
        }
        Throwable failure = done.exception();
        if (failure == null) {
            result.complete(done.result());
        } else {
            result.fail(failure);
        }
    }
}
