package dev.heddle.workers;

import dev.heddle.AsyncSupplier;
import dev.heddle.Future;
import dev.heddle.Task;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A coroutine that was given to a worker, from then until it has ended. Scheduled on the worker's loop, it makes its task. */
final class Work<T extends @Nullable Object> implements Runnable, Consumer<Future<T>> {

    /** What the caller has. */
    final CompletableFuture<T> result = new CompletableFuture<>();

    /** Completed when the coroutine is over, which may be long after the caller has cancelled {@link #result}. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final Worker worker;
    private final AsyncSupplier<T> function;

    /** Null until the coroutine has become a task. Used on the worker's thread. */
    private @Nullable Task<T> task;

    Work(Worker worker, AsyncSupplier<T> function) {
        this.worker = worker;
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
        Task<T> made = worker.loop.createTask(new WorkFrame<>(function));
        task = made;
        made.addDoneCallback(this);
        CompletableFuture<T> unused = result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                worker.post(this::cancel);
            }
        });
    }

    /** Cancels the task, or before there is one keeps it from being made. Called on the worker's thread. */
    void cancel() {
        if (task == null) {
            result.cancel(false);
        } else {
            task.cancel();
        }
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
            result.completeExceptionally(failure);
        }
    }
}
