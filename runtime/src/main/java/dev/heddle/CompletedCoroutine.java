package dev.heddle;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import dev.heddle.internal.report.Text;
import dev.heddle.woven.AsyncMethod;
import org.jspecify.annotations.Nullable;

/** A coroutine whose result is known from the start. Like any other, it can be awaited once. */
final class CompletedCoroutine<T extends @Nullable Object> extends Coroutine<T> {

    private static final AsyncMethod METHOD = new AsyncMethod(Coroutine.class.getName(), "of", null, "\0");

    private final T value;
    private boolean awaited;

    CompletedCoroutine(T value) {
        this.value = value;
        UnawaitedCoroutines.note(this, METHOD);
    }

    @Override
    protected @Nullable Object begin() {
        if (awaited) {
            throw new IllegalStateException("cannot reuse already awaited coroutine: " + this);
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
