// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
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
 * Passes one request to cancel a task or a gather on to everything that it waits for. As in asyncio, a task passes it to the future that it
 * awaits, and a gather passes it to its children in order. This happens in a loop and not by recursion, because the chain may be long.
 *
 * <p>Difference from asyncio, which recurses until it fails or waits forever: if the request reaches a task on its own path, the tasks wait
 * for each other in a circle. The last one on the path is then cancelled by force, although the object that it awaits goes on. Circles may
 * contain tasks, gathers, and the ends of task groups.
 */
final class CancelRequest {

    /** A task or a gather on the path of the request, while the request is with the futures that it waits for. */
    private static final class Step {

        final Future<?> future;

        /** The request that was here before, and is still in progress: cancelling may call the program, which cancels again. */
        final @Nullable CancelRequest outer;

        /** How many of the futures that {@link #future} waits for have received the request. */
        int asked;

        /** Whether one of these futures has accepted. */
        boolean accepted;

        /** Whether one of these futures waits for {@link #future}. */
        boolean inCircle;

        Step(Future<?> future, @Nullable CancelRequest outer) {
            this.future = future;
            this.outer = outer;
        }
    }

    private final @Nullable String message;

    /** A task that waits for the first one in any case, or null. */
    private final @Nullable Task<?> waiting;

    /** The path of the request, from its first future to the current one. */
    private final List<Step> path = new ArrayList<>();

    private CancelRequest(@Nullable String message, @Nullable Task<?> waiting) {
        this.message = message;
        this.waiting = waiting;
    }

    /**
     * Requests the cancellation of {@code task}, which must not be done. {@code waiting} is a task that waits for it in any case, or null.
     */
    static void send(Task<?> task, @Nullable String message, @Nullable Task<?> waiting) {
        if (task.cancellation().add(task, message)) {
            new CancelRequest(message, waiting).follow(task);
        }
    }

    /** Requests the cancellation of the children of {@code gather}, which must not be done. Returns whether one of them accepted. */
    static boolean send(GatherFuture<?> gather, @Nullable String message) {
        return new CancelRequest(message, null).follow(gather);
    }

    /** Whether {@code task} waits for {@code awaited}, directly or indirectly. */
    static boolean waitsFor(Task<?> task, Task<?> awaited) {
        return new CancelRequest(null, awaited).waitsForPath(task);
    }

    /** Passes the request to {@code first} and on. Returns whether {@code first} accepted. */
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
            while (!path.isEmpty()) { // after an exception
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

    /** Returns the next future to which {@code step} has to pass the request, or null. */
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

    /** Ends {@code step} after everything that its future waits for has received the request. Returns whether the future accepts. */
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
                && task.awaited() instanceof Future.OfGroup end
                && end.isAborting() // so that it continues to wait, however often it is cancelled
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
            boolean over = future.isDone()
                    && !(future instanceof Future.OfGroup); // a group's future is cancelled and recreated
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
            } else if (future instanceof Future.OfGroup end) {
                found.addAll(end.tasks());
            }
        }
        return false;
    }
}
