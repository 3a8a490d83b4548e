package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * How a loop makes its tasks, Python's task factory; see {@link EventLoop#setTaskFactory}. Whatever it does besides, it makes the
 * task by {@link Task#of}.
 */
public interface TaskFactory {

    /**
     * Makes the task of {@code coroutine} in {@code loop}. Called on the loop's thread. What this throws, who wanted the task gets; an
     * {@code IllegalStateException} if this gives null or a task of another loop.
     */
    <T extends @Nullable Object> Task<T> newTask(EventLoop loop, Coroutine<T> coroutine, TaskOptions options);
}
