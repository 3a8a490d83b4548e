package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * The operations of woven code at an {@code await}. The convention: a body returns its result, or {@link #SUSPENDED} after it has
 * stored its live values in its frame and told it where it stands. Frames are linked while the stack unwinds,
 * the innermost first.
 */
public final class Suspension {

    /** Returned, and compared by identity, where a body did not finish. No program ever sees it as a value. */
    public static final Object SUSPENDED = new Object();

    private Suspension() {}

    /**
     * Begins what is awaited.
     *
     * @return its result, or {@link #SUSPENDED}
     * @throws NullPointerException if {@code awaitable} is null
     */
    public static @Nullable Object await(@Nullable Object awaitable) {
        if (awaitable instanceof Suspendable suspendable) {
            return suspendable.begin();
        }
        throw notAwaitable(awaitable);
    }

    /**
     * Called by a woven method that has caught a throwable, before its handler looks at it: puts the methods that await into the trace, which are
     * not on the stack of a coroutine that was resumed.
     *
     * @param caught the throwable; something else where a program jumps to its handler
     */
    public static void caught(@Nullable Object caught) {
        if (caught instanceof Throwable failure) {
            Chain chain = Chain.currentOrNull();
            if (chain != null) {
                chain.caught(failure);
            }
        }
    }

    /** As {@link #await(Object)}, for a long body, which leaves it to the chain to remember where it suspends, and at what. */
    public static @Nullable Object await(@Nullable Object awaitable, int number) {
        Object result = await(awaitable);
        if (result == SUSPENDED) {
            Chain.current().suspending(number, awaitable);
        }
        return result;
    }

    /** Lets the chain remember that a long body suspends at the await {@code number}, where it has called another body directly. */
    public static void suspends(int number) {
        Chain.current().suspending(number, null);
    }

    /** Throws the message of a refusal, in place of an await that could not be woven. */
    public static @Nullable Object refuse(@Nullable Object awaitable, String message) {
        throw new IllegalStateException(message);
    }

    /** Throws the message of a refusal, at the start of a method that could not be woven. */
    public static void refuse(String message) {
        throw new IllegalStateException(message);
    }

    /** The exception of a body that is to go on where it never was, since its class was redefined while {@code frame} was suspended. */
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
