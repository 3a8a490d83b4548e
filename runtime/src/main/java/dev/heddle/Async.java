// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as a coroutine function. The method returns a {@link Coroutine} and may call {@link Asyncio#await}. Calling it runs
 * nothing of its body until the coroutine is awaited or becomes a task. The agent rewrites the method when its class is loaded. Corresponds
 * to {@code async def}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Async {}
