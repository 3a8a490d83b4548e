package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * A coroutine function of one argument, for lambdas that {@code await}.
 *
 * @param <A> the type of the argument
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface AsyncFunction<A extends @Nullable Object, T extends @Nullable Object> {

    /**
     * Makes the coroutine for {@code argument}; when woven, nothing of the body runs before it is awaited.
     *
     * @throws Exception when the body of a lambda throws
     */
    Coroutine<T> apply(A argument) throws Exception;
}
