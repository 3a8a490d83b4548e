// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * A coroutine function without arguments, for lambdas that {@code await}.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface AsyncSupplier<T extends @Nullable Object> {

    /**
     * Creates the coroutine. If the lambda is woven, its body does not run before the coroutine is awaited.
     *
     * @throws Exception if the body of a lambda throws it
     */
    @CheckReturnValue
    Coroutine<T> get() throws Exception;
}
