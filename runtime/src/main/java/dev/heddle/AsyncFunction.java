// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * A coroutine function with one argument, for lambdas that {@code await}.
 *
 * @param <A> the type of the argument
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface AsyncFunction<A extends @Nullable Object, T extends @Nullable Object> {

    /**
     * Creates the coroutine for {@code argument}. If the lambda is woven, its body does not run before the coroutine is awaited.
     *
     * @throws Exception if the body of a lambda throws it
     */
    @CheckReturnValue
    Coroutine<T> apply(A argument) throws Exception;
}
