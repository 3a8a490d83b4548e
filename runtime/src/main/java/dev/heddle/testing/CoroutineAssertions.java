// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.coroutines.Sneaky;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Assertions about coroutines, for any test framework. */
public final class CoroutineAssertions {

    private CoroutineAssertions() {}

    /**
     * Awaits {@code awaitable}, which has to fail with a throwable of {@code type}, and returns that throwable:
     *
     * <pre>{@code
     * IOException refused = await(assertFails(IOException.class, connect("nowhere")));
     * }</pre>
     *
     * <p>If the calling task is cancelled meanwhile, its {@link CancelledError} propagates.
     *
     * @throws AssertionError if {@code awaitable} succeeds, or if it fails with another throwable, which is then the cause
     */
    @Async
    @CheckReturnValue
    public static <E extends Throwable> Coroutine<E> assertFails(Class<E> type, Awaitable<?> awaitable) {
        Objects.requireNonNull(type, "type");
        Object result;
        try {
            result = await(awaitable);
        } catch (Throwable failure) {
            return Coroutine.of(expected(type, failure));
        }
        throw new AssertionError("expected " + type.getName() + ", but it succeeded with: " + result);
    }

    /** As {@link #assertFails(Class, Awaitable)}, for the coroutine that {@code body} returns. {@code body} itself may fail, too. */
    @Async
    @CheckReturnValue
    public static <T extends @Nullable Object, E extends Throwable> Coroutine<E> assertFails(
            Class<E> type, AsyncSupplier<T> body) {
        Objects.requireNonNull(type, "type");
        Supplier<Coroutine<T>> supplier = Sneaky.unchecked(body::get);
        Object result;
        try {
            result = await(supplier.get());
        } catch (Throwable failure) {
            return Coroutine.of(expected(type, failure));
        }
        throw new AssertionError("expected " + type.getName() + ", but it succeeded with: " + result);
    }

    private static <E extends Throwable> E expected(Class<E> type, Throwable failure) {
        Task<?> own = currentTask();
        if (failure instanceof CancelledError && own != null && own.cancelling() > 0) {
            throw Sneaky.thrown(failure);
        }
        if (type.isInstance(failure)) {
            return type.cast(failure);
        }
        throw new AssertionError("expected " + type.getName() + ", but it failed with: " + failure, failure);
    }
}
