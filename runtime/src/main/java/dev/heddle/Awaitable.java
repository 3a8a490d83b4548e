// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * An object that can be passed to {@link Asyncio#await}: a {@link Coroutine}, a {@link Future}, a {@link Task}, the result of {@link
 * Asyncio#sleep}, or an object of the program that implements {@link ToCoroutine}. Corresponds to {@code collections.abc.Awaitable}.
 *
 * @param <T> the type of the result
 */
public sealed interface Awaitable<T extends @Nullable Object> permits Coroutine, Future, Sleep, ToCoroutine {}
