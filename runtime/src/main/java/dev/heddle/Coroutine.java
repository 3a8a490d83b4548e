// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import dev.heddle.internal.report.Text;
import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Suspendable;
import org.jspecify.annotations.Nullable;

/**
 * A call of an {@link Async} method, with its arguments, that has not run yet. It runs when it is awaited or made a {@link Task}. It can
 * run only once, except that coroutines of {@code dev.heddle.sync} methods without arguments run again each time they are awaited.
 * Corresponds to a coroutine object of Python.
 *
 * @param <T> the type of the result
 */
public abstract non-sealed class Coroutine<T extends @Nullable Object> extends Suspendable implements Awaitable<T> {

    /** A coroutine whose result is known from the start. Like any other, it can be awaited once. */
    private static final class Completed<T extends @Nullable Object> extends Coroutine<T> {

        private static final AsyncMethod METHOD = new AsyncMethod(Coroutine.class.getName(), "of", null, "\0");

        private final T value;
        private boolean awaited;

        Completed(T value) {
            this.value = value;
            UnawaitedCoroutines.note(this, METHOD);
        }

        @Override
        protected @Nullable Object begin() {
            if (awaited) {
                throw new IllegalStateException("cannot reuse already awaited coroutine: " + this
                        + "; call the method again, or await a Task of it, which may be awaited often");
            }
            awaited = true;
            UnawaitedCoroutines.noteStarted(this);
            return value;
        }

        @Override
        protected boolean discard() {
            boolean unstarted = !awaited;
            awaited = true;
            UnawaitedCoroutines.noteStarted(this);
            return unstarted;
        }

        @Override
        public String toString() {
            return "<coroutine of " + Text.of(value) + ">";
        }
    }

    /** Called by the frames of woven methods. */
    protected Coroutine() {}

    /**
     * Returns a result from an {@link Async} method. {@code return Coroutine.of(value)} corresponds to {@code return value} in Python.
     * Elsewhere, it creates a coroutine that finishes immediately.
     *
     * @throws IllegalStateException if the calling {@link Async} method was not woven, so that it has run immediately. The check stops
     *     after a number of calls.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> of(T value) {
        NotWoven.checkResult();
        return new Completed<>(value);
    }

    /** Ends an {@link Async} method without a result: {@code return Coroutine.done()}. */
    @SuppressWarnings("NullAway") // null is the only Void
    @CheckReturnValue
    public static Coroutine<Void> done() {
        return Coroutine.<@Nullable Void>of(null);
    }

    /**
     * Ends this coroutine if it has not started: it never runs, and nothing reports that it was not awaited. Awaiting it is then an error. Does nothing if it
     * has ended. For a coroutine that was made and turns out not to be needed. Corresponds to {@code coroutine.close}, which also ends one that is suspended.
     *
     * @throws IllegalStateException if it has started and not ended; cancel the task that awaits it
     */
    public void close() {
        discard();
    }

    /**
     * Discards this coroutine before it has started, so that it never runs.
     *
     * @return false if it has already started
     */
    protected abstract boolean discard();
}
