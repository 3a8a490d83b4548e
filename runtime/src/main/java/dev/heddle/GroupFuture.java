package dev.heddle;

/** What a task awaits at the end of a task group: that all tasks of the group are done. */
final class GroupFuture extends Future<Void> {

    final TaskGroup group;

    GroupFuture(EventLoop loop, TaskGroup group) {
        super(loop);
        this.group = group;
    }
}
