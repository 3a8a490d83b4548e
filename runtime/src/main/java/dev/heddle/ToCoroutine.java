// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.woven.Convertible;
import org.jspecify.annotations.Nullable;

/**
 * An object of the program that can be awaited. Implement it for what stands for work that is not a call of an {@link Async} method: a request that is put
 * together step by step, a handle of another library. {@code await(x)}, {@link Asyncio#gather}, {@link Asyncio#waitFor} and everything else that takes an {@link
 * Awaitable} then takes it, too. Corresponds to a class with {@code __await__} in Python.
 *
 * <pre>{@code
 * record Query(String text) implements ToCoroutine<List<Row>> {
 *     @Async
 *     public Coroutine<List<Row>> toCoroutine() {
 *         return Coroutine.of(await(connection.send(text)));
 *     }
 * }
 *
 * List<Row> rows = await(new Query("select 1"));
 * }</pre>
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public non-sealed interface ToCoroutine<T extends @Nullable Object> extends Awaitable<T>, Convertible {

    /**
     * Returns the coroutine that an await of this object runs. It is called once for each await, on the thread of the loop. Return a new coroutine each time if
     * this object can be awaited several times. What it throws is raised at the await.
     */
    @Override
    @CheckReturnValue
    Coroutine<T> toCoroutine();
}
