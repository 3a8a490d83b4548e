// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/** An object that can be awaited: a coroutine, a future or a sleep. */
public abstract class Suspendable {

    /** For the runtime's kinds of awaitable. */
    protected Suspendable() {}

    /**
     * Starts this, or returns its result if it is done already. {@link Suspension#await} calls this on the thread of the loop.
     *
     * @return the result, or {@link Suspension#SUSPENDED} if the awaiting method has to suspend
     */
    protected abstract @Nullable Object begin();
}
