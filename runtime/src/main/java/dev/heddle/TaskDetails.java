package dev.heddle;

import org.jspecify.annotations.Nullable;

/** What only some tasks have. Apart from the {@link Task}, so that the others are smaller. */
final class TaskDetails {

    /** Null for the name made of the task's number. */
    @Nullable
    String name;

    /** What the coroutine runs in; null for an empty context that nobody has asked for. */
    @Nullable
    Context context;

    /** The requests to cancel the task, null before the first. */
    @Nullable
    Cancellation cancellation;

    /** Whether the coroutine is to be cancelled now; not any more after that. */
    boolean takePendingCancellation() {
        return cancellation != null && cancellation.takePending();
    }
}
