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
     * Makes the coroutine; when woven, nothing of the body runs before it is awaited.
     *
     * @throws Exception when the body of a lambda throws
     */
    Coroutine<T> get() throws Exception;
}
