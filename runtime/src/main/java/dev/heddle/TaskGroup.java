// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.report.Throwables;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates the tasks of one block that {@link Asyncio#taskGroup} runs. No task outlives the block. Used on the thread of the loop.
 * Corresponds to {@code asyncio.TaskGroup}.
 */
public final class TaskGroup {

    /** How many failed tasks a message names. */
    private static final int NAMED = 10;

    /** The future that is done when this group ends. */
    private final class End extends Future.OfGroup {

        End(EventLoop loop) {
            super(loop);
        }

        @Override
        boolean isAborting() {
            return aborting;
        }

        @Override
        Set<Task<?>> tasks() {
            return tasks;
        }
    }

    private final EventLoop loop;

    /** The task that runs the block. */
    private final Task<?> parent;

    /** The tasks whose callback has not run yet, the oldest first. */
    private final Set<Task<?>> tasks = new LinkedHashSet<>();

    /** The failures of the tasks, in the order of their callbacks, followed by the failure of the block. */
    private final List<Throwable> errors = new ArrayList<>();

    /** The tasks that have failed, in the same order. */
    private final List<String> failed = new ArrayList<>();

    /**
     * Called when a task is done. It is a callback even for a task that is done from the start, so that the block is never cancelled inside
     * the call that creates a task.
     */
    private final Consumer<Future<?>> whenDone = this::taskDone;

    /** The first failure that must leave the loop, which is thrown without a group. */
    private @Nullable Throwable fatal;

    /** The cancellation that ends the block if nothing fails. */
    private @Nullable CancelledError cancellation;

    /** Whether the block has ended. */
    private boolean exiting;

    /** Whether the tasks were cancelled. Then no tasks can be created any more. */
    private boolean aborting;

    /** Whether this group has cancelled the block because a task failed, so that it has to withdraw the request. */
    private boolean parentCancelled;

    /** The future that the parent awaits at the end of the block. It is done when the last task is. */
    private @Nullable Future<Void> completion;

    /** Whether the end of the run had cancelled the parent before the block began. */
    private final boolean begunAtTheEnd;

    /** Begins the block, in the current task of the running loop. */
    TaskGroup() {
        EventLoop loop = RunningLoop.get();
        Task<?> current = loop.current();
        if (current == null) {
            throw new IllegalStateException("TaskGroup cannot determine the parent task");
        }
        this.loop = loop;
        this.parent = current;
        this.begunAtTheEnd = current.isEnding();
    }

    // The API

    /**
     * Creates a task that runs {@code coroutine} in this group. The tasks of the group may call this method too.
     *
     * @throws IllegalStateException if the block and all tasks have ended or are being cancelled; the coroutine then never runs
     */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
        requireOpen(coroutine);
        return added(loop.createTask(coroutine));
    }

    /** As {@link #createTask(Coroutine)}. The task is called {@code name}; if that is null, the loop chooses a name. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name) {
        requireOpen(coroutine);
        return added(loop.createTask(coroutine, name));
    }

    /** As {@link #createTask(Coroutine)}, with the coroutine that {@code body} returns. {@code body} is called now; the coroutine begins later. */
    public <T extends @Nullable Object> Task<T> createTask(AsyncSupplier<T> body) {
        return createTask(body, null);
    }

    /** As {@link #createTask(AsyncSupplier)}. The task is called {@code name}; if that is null, the loop chooses a name. */
    public <T extends @Nullable Object> Task<T> createTask(AsyncSupplier<T> body, @Nullable String name) {
        return createTask(Sneaky.unchecked(body::get).get(), name);
    }

    /** As {@link #createTask(Coroutine)}. The task runs in {@code context} itself, not in a copy. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, Context context) {
        requireOpen(coroutine);
        return added(loop.createTask(coroutine, context));
    }

    /** As {@link #createTask(Coroutine)}, with {@code options}. The task may be eager. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options) {
        requireOpen(coroutine);
        return added(loop.createTask(coroutine, options));
    }

    private void requireOpen(Coroutine<?> coroutine) {
        Objects.requireNonNull(coroutine, "coroutine");
        loop.checkThread();
        boolean finished = exiting && tasks.isEmpty();
        if (finished || aborting) {
            coroutine.discard();
            throw new IllegalStateException("TaskGroup " + this
                    + (finished ? " is finished" : " is shutting down")
                    + "; make tasks in it while its block or one of its tasks runs and nothing has failed");
        }
    }

    private <T> Task<T> added(Task<T> task) {
        tasks.add(task);
        task.addDoneCallback(whenDone);
        return task;
    }

    // While the block runs

    private void taskDone(Future<?> task) {
        tasks.remove((Task<?>) task);
        Future<Void> awaited = completion;
        if (awaited != null && tasks.isEmpty() && !awaited.isDone()) {
            awaited.finish(null);
        }
        Throwable failure = task.isCancelled() ? null : task.exception();
        if (failure == null) {
            return;
        }
        errors.add(failure);
        failed.add(((Task<?>) task).name());
        noteFatal(failure);
        if (!aborting && !parentCancelled) {
            abort();
            if (begunAtTheEnd || !parent.isEnding()) {
                parentCancelled = true;
                parent.cancel();
            }
        }
    }

    private void noteFatal(Throwable failure) {
        if (fatal == null && Throwables.leavesLoop(failure)) {
            fatal = failure;
        }
    }

    private void abort() {
        aborting = true;
        for (Task<?> task : tasks) {
            // A task that the end of the run has cancelled is running its clean-up code.
            if (!task.isEnding() || CancelRequest.waitsFor(task, parent)) {
                task.cancel(null, parent);
            }
        }
    }

    // The end of the block

    /** Records that the block has ended, with {@code failure} or null. */
    void exit(@Nullable Throwable failure) {
        exiting = true;
        if (failure == null) {
            return;
        }
        noteFatal(failure);
        if (failure instanceof CancelledError cancelled) {
            cancellation = cancelled;
        }
        if (!aborting) {
            abort();
        }
    }

    /** Returns the future that the parent has to await before {@link #end}, or null if all tasks are done. */
    @Nullable
    Future<Void> completion() {
        completion = tasks.isEmpty() ? null : new End(loop);
        return completion;
    }

    /** Records that the parent was cancelled while it awaited {@link #completion}. */
    void cancelled(CancelledError error) {
        if (!aborting) {
            cancellation = error;
            abort();
        }
    }

    /** Throws the failure of the group, if there is one. All tasks are done. {@code failure} is the failure of the block, or null. */
    void end(@Nullable Throwable failure) {
        if (fatal != null) {
            throw Sneaky.thrown(fatal);
        }
        boolean cancelledOutside = cancellation != null;
        if (parentCancelled && parent.uncancel() == 0) {
            cancelledOutside = false;
        }
        if (cancelledOutside && errors.isEmpty()) {
            throw Objects.requireNonNull(cancellation);
        }
        if (failure != null && !(failure instanceof CancelledError)) {
            errors.add(failure);
            failed.add("the block");
        }
        if (errors.isEmpty()) {
            return;
        }
        if (parent.cancelling() > 0) {
            // The parent was also cancelled from outside: request it again, without changing the number of requests.
            parent.uncancel();
            parent.cancel();
        }
        throw new ExceptionGroup(message(), errors);
    }

    /**
     * Returns the message of CPython, followed by the names of the failed tasks. It appends, because the JVM cannot link a concatenation again that has failed
     * to link where the stack had overflowed.
     */
    private String message() {
        int count = errors.size();
        StringBuilder message = new StringBuilder("unhandled errors in a TaskGroup (")
                .append(count)
                .append(count == 1 ? " sub-exception" : " sub-exceptions")
                .append("): ")
                .append(String.join(", ", failed.subList(0, Math.min(count, NAMED))));
        if (count > NAMED) {
            message.append(" and ").append(count - NAMED).append(" more");
        }
        return message.toString();
    }

    @Override
    public String toString() {
        return "<TaskGroup"
                + (tasks.isEmpty() ? "" : " tasks=" + tasks.size())
                + (errors.isEmpty() ? "" : " errors=" + errors.size())
                + (aborting ? " cancelling>" : " entered>");
    }
}
