package dev.heddle;

import java.util.Set;

/**
 * Completes when all tasks of a task group are done. The parent awaits it at the end of its block. Cancellation requests pass through it.
 */
abstract non-sealed class GroupFuture extends Future<Void> {

    GroupFuture(EventLoop loop) {
        super(loop);
    }

    /** Whether the tasks were cancelled. */
    abstract boolean isAborting();

    /** Returns the tasks whose callback has not run yet. */
    abstract Set<Task<?>> tasks();
}
