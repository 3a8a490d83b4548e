package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * The options of a new task: the keyword arguments of Python's {@code create_task}.
 *
 * @param name the name, or null for {@code Task-} and a number
 * @param context the context in which the task runs, or null for a copy of the current one
 * @param eagerStart whether the first step is taken at once, inside the call that makes the task, if the loop runs; null for what the
 *     {@link TaskFactory} does, by default false
 */
public record TaskOptions(
        @Nullable String name,
        @Nullable Context context,
        @Nullable Boolean eagerStart) {

    /** Nothing said. */
    public static final TaskOptions DEFAULT = new TaskOptions(null, null, null);

    static final TaskOptions EAGER = DEFAULT.withEagerStart(true);

    /** These with the name {@code name}. */
    public TaskOptions withName(String name) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** These with the context {@code context}. */
    public TaskOptions withContext(Context context) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** These with {@code eagerStart}. */
    public TaskOptions withEagerStart(boolean eagerStart) {
        return new TaskOptions(name, context, eagerStart);
    }
}
