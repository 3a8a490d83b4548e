package dev.heddle;

import java.util.Set;

/**
 * One call of {@link Asyncio#run}: a new loop, the main task, and the end of everything else. The first interrupt cancels the main
 * task; it becomes an {@link InterruptError} if the task ends by it, and a second one leaves the loop.
 */
final class MainRun<T> {

    private static final long EXECUTOR_SECONDS = 300;

    private final EventLoop loop = EventLoop.create();
    private final Task<T> main;
    private int interrupts;

    MainRun(Coroutine<T> coroutine) {
        main = loop.createTask(coroutine);
    }

    T run() {
        boolean left = false;
        try {
            return runMain();
        } catch (InterruptError interrupt) {
            left = true;
            throw interrupt;
        } finally {
            try {
                end();
            } finally {
                if (left) {
                    Thread.currentThread().interrupt(); // only now, as it would end the waits of the shutdown
                }
            }
        }
    }

    private T runMain() {
        loop.turns.setInterruptAction(this::interrupted);
        try {
            return loop.runUntilComplete(main);
        } catch (CancelledError cancelled) {
            if (interrupts > 0 && main.uncancel() == 0) {
                throw new InterruptError("the thread that runs " + main + " was interrupted");
            }
            throw cancelled;
        } finally {
            loop.turns.setInterruptAction(null);
        }
    }

    private void interrupted() {
        interrupts++;
        if (interrupts > 1) {
            throw new InterruptError("the thread that runs " + main + " was interrupted again");
        }
        main.cancel();
    }

    private void end() {
        try {
            cancelTasks();
            loop.executor.shutDownInLoop(EXECUTOR_SECONDS);
        } finally {
            loop.close();
        }
    }

    /** Cancels what still runs, once: tasks that are made meanwhile are dropped with the loop. */
    private void cancelTasks() {
        Set<Task<?>> tasks = loop.tasks.all();
        if (tasks.isEmpty()) {
            return;
        }
        tasks.forEach(Task::cancel);
        loop.runUntilComplete(GatherFuture.of(tasks, true));
        for (Task<?> task : tasks) {
            Throwable failure = task.isCancelled() ? null : task.exception();
            if (failure != null) {
                loop.errors.report("unhandled exception during run() shutdown", failure, "task", task);
            }
        }
    }
}
