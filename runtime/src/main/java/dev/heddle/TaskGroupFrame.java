package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.woven.Suspension;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The coroutine that {@link Asyncio#taskGroup} gives: it awaits the body, and then the tasks of the group. */
final class TaskGroupFrame<T> extends NativeFrame<T> {

    private static final Native ENTRY = Native.ofFunction("taskGroup");

    private static final int BODY = 1;
    private static final int TASKS = 2;

    private final AsyncFunction<TaskGroup, T> body;

    private @Nullable TaskGroup group;

    /** The outcome of the body: a failure, or if that is null the result. */
    private @Nullable Throwable failure;

    private @Nullable Object result;

    TaskGroupFrame(AsyncFunction<TaskGroup, T> body) {
        super(ENTRY);
        this.body = body;
    }

    @Override
    protected @Nullable Object start() {
        TaskGroup entered = new TaskGroup(RunningLoop.get());
        group = entered;
        try {
            result = await(BODY, body.apply(entered));
        } catch (Throwable raised) {
            failure = raised;
        }
        return result == Suspension.SUSPENDED ? result : exit(entered);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        TaskGroup entered = Objects.requireNonNull(group);
        if (await == BODY) {
            try {
                result = take();
            } catch (Throwable raised) {
                failure = raised;
            }
            return exit(entered);
        }
        try {
            take();
        } catch (CancelledError error) {
            entered.cancelled(error);
        }
        return awaitTasks(entered);
    }

    private @Nullable Object exit(TaskGroup entered) {
        entered.exit(failure);
        return awaitTasks(entered);
    }

    /** Awaits the tasks as often as it takes: a cancellation of this does not end the wait. */
    private @Nullable Object awaitTasks(TaskGroup entered) {
        Future<Void> completion = entered.completion();
        if (completion != null) {
            return await(TASKS, completion);
        }
        entered.end(failure);
        return result;
    }
}
