package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#await} accepts: a {@link Coroutine}, a {@link Future}, a {@link Task}, or what {@link Asyncio#sleep}
 * returns. Python's {@code Awaitable}.
 *
 * @param <T> the type of the result
 */
public sealed interface Awaitable<T extends @Nullable Object> permits Coroutine, Future, Sleep {}
