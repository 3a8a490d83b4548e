// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * Creates the tasks of a loop, for example to name or observe them; see {@link EventLoop#setTaskFactory}. An implementation must create the
 * task with {@link Task#of}. Corresponds to a task factory of asyncio.
 */
public interface TaskFactory {

    /**
     * Creates the task for {@code coroutine} in {@code loop}. Called on the loop's thread. If this method throws, the exception propagates
     * to the caller that requested the task. If it returns null or a task of another loop, that caller gets an {@code
     * IllegalStateException}.
     */
    <T extends @Nullable Object> Task<T> newTask(EventLoop loop, Coroutine<T> coroutine, TaskOptions options);
}
