package dev.heddle;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The end of the runs of a loop: cancels the tasks that are left and lets them clean up, whatever leaves the loop meanwhile. */
final class RunEnd {

    private static final Duration EXECUTOR_LIMIT = Duration.ofMinutes(5);

    private final EventLoop loop;

    /** What has left the loop before and was thrown at the caller; null for nothing. */
    private final @Nullable Throwable known;

    /** The first failure that leaves the loop here and is not {@link #known}. */
    private @Nullable Throwable failure;

    RunEnd(EventLoop loop, @Nullable Throwable known) {
        this.loop = loop;
        this.known = known;
    }

    /** Cancels, once, the tasks that still run, awaits them and the calls in the executor, and throws what has left the loop. */
    void run() {
        Set<Task<?>> tasks = loop.tasks.all();
        if (!tasks.isEmpty()) {
            loop.tasks.end(tasks, null);
            complete(Futures.gather(tasks, true));
            tasks.forEach(this::reportFailure);
        }
        // Without the task factory, which may throw.
        complete(loop.maker.begin(loop.shutdownDefaultExecutor(EXECUTOR_LIMIT), null, null, false));
        if (failure != null) {
            throw Throwables.<RuntimeException>sneaky(failure);
        }
    }

    /** Runs the loop until {@code future} is done, and again if a failure leaves it, as that ends one step only. */
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
