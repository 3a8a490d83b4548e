package dev.heddle;

import java.util.Set;

/** Completes when all tasks of a task group are done: what the parent awaits at the end of its block. A request to cancel passes through it. */
abstract non-sealed class GroupFuture extends Future<Void> {

    GroupFuture(EventLoop loop) {
        super(loop);
    }

    /** Whether the tasks were cancelled. */
    abstract boolean isAborting();

    /** The tasks that have not called back yet. */
    abstract Set<Task<?>> tasks();
}
