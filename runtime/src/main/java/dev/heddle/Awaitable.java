package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * An object that can be passed to {@link Asyncio#await}: a {@link Coroutine}, a {@link Future}, a {@link Task}, or the result of {@link
 * Asyncio#sleep}. Corresponds to {@code collections.abc.Awaitable}.
 *
 * @param <T> the type of the result
 */
public sealed interface Awaitable<T extends @Nullable Object> permits Coroutine, Future, Sleep {}
