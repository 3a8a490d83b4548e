// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The options of a new task, for {@link Asyncio#createTask(Coroutine, TaskOptions)}. They correspond to the keyword arguments of
 * {@code create_task}.
 *
 * @param name the name, or null for {@code Task-} and a number
 * @param context the context in which the task runs, or null for a copy of the current one
 * @param eagerStart whether the task begins immediately, inside the call that creates it, if the loop is running. Null leaves this to the
 *     {@link TaskFactory}; the default is false.
 */
public record TaskOptions(
        @Nullable String name,
        @Nullable Context context,
        @Nullable Boolean eagerStart) {

    /** Options that are all null. */
    public static final TaskOptions DEFAULT = new TaskOptions(null, null, null);

    static final TaskOptions EAGER = DEFAULT.withEagerStart(true);

    /** Returns these options with the name {@code name}. */
    public TaskOptions withName(String name) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** Returns these options with the context {@code context}. */
    public TaskOptions withContext(Context context) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** Returns these options with {@code eagerStart}. */
    public TaskOptions withEagerStart(boolean eagerStart) {
        return new TaskOptions(name, context, eagerStart);
    }
}
