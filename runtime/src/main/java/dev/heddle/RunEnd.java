// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.report.Throwables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ends the runs of a loop: cancels the remaining tasks and lets them clean up, even if throwables leave the loop in the meantime. */
final class RunEnd {

    private static final Duration EXECUTOR_LIMIT = Duration.ofMinutes(5);

    private final EventLoop loop;

    /** The throwable that left the loop before and was thrown to the caller, or null. */
    private final @Nullable Throwable known;

    /** The first failure other than {@link #known} that has left the loop here. */
    private @Nullable Throwable failure;

    /** The main task if it has cancelled tasks of the loop; otherwise null. */
    private final @Nullable Task<?> canceller;

    RunEnd(EventLoop loop, @Nullable Throwable known, @Nullable Task<?> canceller) {
        this.loop = loop;
        this.known = known;
        this.canceller = canceller;
    }

    /** Cancels the remaining tasks once, awaits them and the calls in the executor, and throws the failure that left the loop, if any. */
    void run() {
        Set<Task<?>> tasks = loop.tasks.all();
        if (!tasks.isEmpty()) {
            loop.tasks.end(canceller == null ? tasks : uncancelled(tasks, canceller), null);
            complete(Futures.gather(tasks, true));
            tasks.forEach(this::reportFailure);
        }
        // Not with the task factory, which may throw.
        complete(loop.maker.begin(loop.shutdownDefaultExecutor(EXECUTOR_LIMIT), null, null, false));
        if (failure != null) {
            throw Sneaky.thrown(failure);
        }
    }

    /** Returns the tasks to cancel after {@code canceller}, the main task: itself, and the tasks that were not cancelled yet. */
    private static List<Task<?>> uncancelled(Set<Task<?>> tasks, Task<?> canceller) {
        canceller.mayStayPending = true; // an interrupt may leave the loop before the task has had its turn
        List<Task<?>> uncancelled = new ArrayList<>(tasks);
        uncancelled.removeIf(task -> task != canceller && task.cancelling() > 0);
        return uncancelled;
    }

    /** Runs the loop until {@code future} is done. If a failure leaves the loop, it runs again, because the failure ends only one step. */
    private void complete(Future<?> future) {
        while (!future.isDone()) {
            try {
                loop.runUntilComplete(future);
            } catch (Throwable left) {
                boolean interrupted =
                        left instanceof InterruptError && Thread.currentThread().isInterrupted();
                if (interrupted || !Throwables.leavesLoop(left)) {
                    throw left;
                }
                note(left);
            }
        }
    }

    private void note(Throwable left) {
        if (left != known && failure == null) {
            failure = left;
        }
    }

    private void reportFailure(Task<?> task) {
        Throwable thrown = task.isCancelled() ? null : task.exception();
        if (thrown == null || thrown == known || thrown == failure) {
            return;
        }
        try {
            loop.errors.report("unhandled exception during run() shutdown", thrown, "task", task);
        } catch (Throwable left) {
            note(left);
        }
    }
}
