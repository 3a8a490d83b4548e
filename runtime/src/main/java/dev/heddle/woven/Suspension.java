// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * The operations that woven code performs at an {@code await}.
 *
 * <p>The convention: a body returns its result. If it has to suspend instead, it stores its live values and the number of the await in its frame, and
 * returns {@link #SUSPENDED}. The frames are linked while the stack unwinds, the innermost first.
 */
public final class Suspension {

    /** The marker that a body returns if it has not finished. It is compared by identity, and programs never see it. */
    public static final Object SUSPENDED = new Object();

    private Suspension() {}

    /**
     * Begins an awaited object.
     *
     * @return its result, or {@link #SUSPENDED}
     * @throws NullPointerException if {@code awaitable} is null
     */
    public static @Nullable Object await(@Nullable Object awaitable) {
        if (awaitable instanceof Suspendable suspendable) {
            return suspendable.begin();
        }
        if (awaitable instanceof Convertible convertible) {
            return await(coroutineOf(convertible));
        }
        throw notAwaitable(awaitable);
    }

    private static Suspendable coroutineOf(Convertible convertible) {
        Suspendable coroutine = convertible.toCoroutine();
        if (coroutine == null) {
            throw new NullPointerException("toCoroutine() of a "
                    + convertible.getClass().getName() + " returned null; it has to return a coroutine to await");
        }
        return coroutine;
    }

    /**
     * Completes the trace of a throwable that a woven method has caught. The methods that await a resumed coroutine are not on the stack, and so are missing in
     * the trace. Woven methods call this at the beginning of a handler.
     *
     * @param caught the throwable, or any other object if the program jumps to its handler
     */
    public static void caught(@Nullable Object caught) {
        if (caught instanceof Throwable failure) {
            Driver driver = Driver.currentOrNull();
            if (driver != null) {
                driver.caught(failure);
            }
        }
    }

    /** Does the same as {@link #await(Object)} for a long body. The driver records the number of the await, and the awaited object. */
    public static @Nullable Object await(@Nullable Object awaitable, int number) {
        Object result = await(awaitable);
        if (result == SUSPENDED) {
            Driver.current().suspending(number, awaitable);
        }
        return result;
    }

    /** Records that a long body suspends at the await {@code number}, at which it called another body directly. */
    public static void suspends(int number) {
        Driver.current().suspending(number, null);
    }

    /** Throws the message of a refusal. This call replaces an await that could not be woven. */
    public static @Nullable Object refuse(@Nullable Object awaitable, String message) {
        throw new IllegalStateException(message);
    }

    /** Throws the message of a refusal. This call is at the start of a method that could not be woven. */
    public static void refuse(String message) {
        throw new IllegalStateException(message);
    }

    /** The exception for a body that cannot continue, because its class was redefined while {@code frame} was suspended. */
    public static RuntimeException redefined(Frame<?> frame) {
        return new IllegalStateException(frame
                + " cannot go on: its class was redefined while it was suspended, with other awaits; start it anew");
    }

    private static RuntimeException notAwaitable(@Nullable Object value) {
        if (value == null) {
            return new NullPointerException(
                    "cannot await null; an async method that has nothing to return returns Coroutine.done()");
        }
        return new IllegalArgumentException("cannot await a " + value.getClass().getName());
    }
}
