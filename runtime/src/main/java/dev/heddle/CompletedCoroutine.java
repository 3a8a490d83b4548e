package dev.heddle;

import org.jspecify.annotations.Nullable;

/** A coroutine whose result is known from the start; it can be awaited once, as any other. */
final class CompletedCoroutine<T extends @Nullable Object> extends Coroutine<T> {

    private final T value;
    private boolean awaited;

    CompletedCoroutine(T value) {
        this.value = value;
    }

    @Override
    protected @Nullable Object begin() {
        if (awaited) {
            throw new IllegalStateException("cannot reuse already awaited coroutine: " + this);
        }
        awaited = true;
        return value;
    }

    @Override
    protected boolean discard() {
        boolean unstarted = !awaited;
        awaited = true;
        return unstarted;
    }

    @Override
    public String toString() {
        return "<coroutine of " + Text.of(value) + ">";
    }
}
