// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for operations that a cancelled await does not end, but another call does. */
final class Ending {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private Ending() {}

    /**
     * Returns the result of {@code operation}. If the task is cancelled meanwhile, calls {@code end} and waits for the end of the operation: afterwards, nothing uses its
     * connection any more. Calls {@code end} again until it has an effect, because the operation may not yet have begun where {@code end} ends it.
     */
    @Async
    static <T extends @Nullable Object> Coroutine<T> result(Future<T> operation, Supplier<Coroutine<Void>> end) {
        try {
            await(Asyncio.wait(List.of(operation))); // which does not cancel it
        } catch (CancelledError cancelled) {
            while (!operation.isDone()) {
                await(end.get());
                await(Asyncio.wait(List.of(operation), PAUSE, ReturnWhen.ALL_COMPLETED));
            }
            operation.exception(); // retrieved, so that it is not reported
            throw cancelled;
        }
        return Coroutine.of(await(operation));
    }
}
