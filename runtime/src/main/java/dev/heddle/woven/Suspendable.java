package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/** Anything an {@code await} can be applied to: a coroutine, a future or a sleep. */
public abstract class Suspendable {

    /** For the runtime's own kinds of awaitable. */
    protected Suspendable() {}

    /**
     * Starts this, or looks whether it is done already. Called by {@link Suspension#await} on the thread of the loop.
     *
     * @return the result, or {@link Suspension#SUSPENDED} when the awaiting method has to suspend
     */
    protected abstract @Nullable Object begin();
}
