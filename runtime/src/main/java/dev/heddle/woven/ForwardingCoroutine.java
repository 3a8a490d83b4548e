// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import dev.heddle.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that runs by means of another one. Its {@link #begin} either finishes at once or begins a {@link Frame} with {@link Suspension#await}; the awaiting
 * method is then linked above that frame.
 *
 * @param <T> the type of the result
 */
public abstract class ForwardingCoroutine<T extends @Nullable Object> extends Coroutine<T> {

    /** For the runtime's coroutines. */
    protected ForwardingCoroutine() {}
}
