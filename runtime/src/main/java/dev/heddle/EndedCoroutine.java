package dev.heddle;

import org.jspecify.annotations.Nullable;

/** Replaces the coroutine of a task that was collected. It has ended, and has the text of the original. */
final class EndedCoroutine extends Coroutine<Object> {

    private final String text;

    EndedCoroutine(String text) {
        this.text = text;
    }

    @Override
    protected @Nullable Object begin() {
        throw new IllegalStateException("cannot reuse already awaited coroutine: " + this);
    }

    @Override
    protected boolean discard() {
        return false;
    }

    @Override
    public String toString() {
        return text;
    }
}
