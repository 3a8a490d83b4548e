package dev.heddle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request to cancel a task or a gather, on its way to everything that they wait for. Each task passes it on to the future it awaits, and each
 * gather to its children in their order, as in asyncio; but in a loop and not by recursion, as the chain may be long.
 *
 * <p>Difference from asyncio, which recurses until it fails or waits for ever: where the request comes to a task that it came from, the tasks
 * wait for each other in a circle. The last one on the way is cancelled by force then, though what it awaits goes on. Circles
 * may go through tasks, gathers, and the ends of task groups.
 */
final class CancelRequest {

    /** A task or a gather that the request has come to, while it is with what that waits for. */
    private static final class Step {

        final Future<?> future;

        /** The request that was here before, which is being made still: cancelling may call a program, which cancels again. */
        final @Nullable CancelRequest outer;

        /** How many of those that {@link #future} waits for have been asked. */
        int asked;

        /** Whether one of them accepted. */
        boolean accepted;

        /** Whether one of them waits for {@link #future}. */
        boolean inCircle;

        Step(Future<?> future, @Nullable CancelRequest outer) {
            this.future = future;
            this.outer = outer;
        }
    }

    private final @Nullable String message;

    /** A task that waits for the first one whatever happens, null for none. */
    private final @Nullable Task<?> waiting;

    /** From the first to where the request is now. */
    private final List<Step> path = new ArrayList<>();

    private CancelRequest(@Nullable String message, @Nullable Task<?> waiting) {
        this.message = message;
        this.waiting = waiting;
    }

    /** Asks {@code task}, which is not done, to cancel itself; {@code waiting} waits for it whatever happens, null for none. */
    static void send(Task<?> task, @Nullable String message, @Nullable Task<?> waiting) {
        if (task.cancellation().add(task, message)) {
            new CancelRequest(message, waiting).follow(task);
        }
    }

    /** Asks the children of {@code gather}, which is not done, to cancel themselves. Whether one of them accepted. */
    static boolean send(GatherFuture<?> gather, @Nullable String message) {
        return new CancelRequest(message, null).follow(gather);
    }

    /** Whether {@code task} waits for {@code awaited}, perhaps by way of others. */
    static boolean waitsFor(Task<?> task, Task<?> awaited) {
        return new CancelRequest(null, awaited).waitsForPath(task);
    }

    /** Whether {@code first} accepted. */
    private boolean follow(Future<?> first) {
        Step step = enter(first);
        try {
            while (true) {
                Future<?> next = next(step);
                if (next != null) {
                    ask(next, step);
                } else {
                    boolean accepted = end(step);
                    leave(step);
                    if (path.isEmpty()) {
                        return accepted;
                    }
                    last().accepted |= accepted;
                }
                step = last();
            }
        } finally {
            while (!path.isEmpty()) { // something was thrown
                leave(last());
            }
        }
    }

    private Step last() {
        return path.get(path.size() - 1);
    }

    private Step enter(Future<?> future) {
        Step step = new Step(future, at(future));
        mark(future, this);
        path.add(step);
        return step;
    }

    private void leave(Step step) {
        path.remove(path.size() - 1);
        mark(step.future, step.outer);
    }

    private static @Nullable CancelRequest at(Future<?> future) {
        return future instanceof Task<?> task ? task.cancellation().present : ((GatherFuture<?>) future).present;
    }

    private static void mark(Future<?> future, @Nullable CancelRequest request) {
        if (future instanceof Task<?> task) {
            task.cancellation().present = request;
        } else {
            ((GatherFuture<?>) future).present = request;
        }
    }

    /** The next thing that {@code step} has to ask, null if there is none. */
    private static @Nullable Future<?> next(Step step) {
        int index = step.asked++;
        if (step.future instanceof GatherFuture<?> gather) {
            return index < gather.children.length ? gather.children[index] : null;
        }
        return index == 0 ? (Future<?>) ((Task<?>) step.future).awaited() : null;
    }

    private void ask(Future<?> future, Step by) {
        if (future.isDone()) {
            future.markRetrieved();
        } else if (closesCircle(future)) {
            by.inCircle = true;
        } else if (future instanceof GatherFuture<?>) {
            enter(future);
        } else if (!(future instanceof Task<?> task)) {
            by.accepted |= future.cancel(message);
        } else if (task.cancellation().add(task, message)) {
            enter(task);
        } else {
            by.accepted = true;
        }
    }

    /** All have been asked that the one of {@code step} waits for. Whether it accepts. */
    private boolean end(Step step) {
        if (step.future instanceof GatherFuture<?> gather) {
            if (step.inCircle && !gather.isDone()) {
                gather.finishCancelled(message);
            }
            gather.cancelRequested |= step.accepted;
            return step.accepted || step.inCircle;
        }
        Task<?> task = (Task<?>) step.future;
        if (!step.inCircle) {
            if (!step.accepted) {
                task.cancellation().keep(message);
            }
        } else if (task.awaited() instanceof GatherFuture<?> gather && !gather.isDone()) {
            gather.finishCancelled(message);
        } else {
            task.leaveCircle(message);
        }
        return true;
    }

    private boolean closesCircle(Future<?> future) {
        if (isOnPath(future)) {
            return true;
        }
        return future instanceof Task<?> task
                && task.awaited() instanceof GroupFuture end
                && end.isAborting() // so that it waits on, however often it is cancelled
                && waitsForPath(task);
    }

    private boolean isOnPath(Future<?> future) {
        if (future instanceof Task<?> task) {
            return task == waiting || task.isAskedBy(this);
        }
        return future instanceof GatherFuture<?> gather && gather.present == this;
    }

    private boolean waitsForPath(Task<?> first) {
        Deque<Future<?>> found = new ArrayDeque<>();
        Set<Future<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        found.add(first);
        while (!found.isEmpty()) {
            Future<?> future = found.remove();
            boolean over =
                    future.isDone() && !(future instanceof GroupFuture); // that of a group is cancelled and made anew
            if (over || !seen.add(future)) {
                continue;
            }
            if (isOnPath(future)) {
                return true;
            }
            if (future instanceof Task<?> task && task.awaited() instanceof Future<?> awaited) {
                found.add(awaited);
            } else if (future instanceof GatherFuture<?> gather) {
                Collections.addAll(found, gather.children);
            } else if (future instanceof GroupFuture end) {
                found.addAll(end.tasks());
            }
        }
        return false;
    }
}
