package dev.heddle;

import dev.heddle.woven.Suspendable;
import org.jspecify.annotations.Nullable;

/**
 * A call of an {@link Async} method that has not run yet, holding the arguments. It runs when it is awaited or made a
 * {@link Task}, once. Python's coroutine object. Only those of {@code dev.heddle.sync} that take no arguments run anew each time.
 *
 * @param <T> the type of the result
 */
public abstract non-sealed class Coroutine<T extends @Nullable Object> extends Suspendable implements Awaitable<T> {

    /** For the frames of woven methods. */
    protected Coroutine() {}

    /**
     * The result of an {@link Async} method: {@code return Coroutine.of(value)} is Python's {@code return value}. Elsewhere
     * it is a coroutine that finishes at once.
     *
     * @throws IllegalStateException if an {@link Async} method calls this that was not woven, and so has run at once; after many calls nobody looks
     */
    public static <T extends @Nullable Object> Coroutine<T> of(T value) {
        NotWoven.checkResult();
        return new CompletedCoroutine<>(value);
    }

    /** The end of an {@link Async} method without a result: {@code return Coroutine.done()}. */
    @SuppressWarnings("NullAway") // null is the only Void
    public static Coroutine<Void> done() {
        return Coroutine.<@Nullable Void>of(null);
    }

    /**
     * Gives this coroutine up before it has started, so that it never runs.
     *
     * @return false if it has been started before
     */
    protected abstract boolean discard();
}
