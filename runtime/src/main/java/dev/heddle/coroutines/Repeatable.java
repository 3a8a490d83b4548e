// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.coroutines;

import dev.heddle.internal.frames.LogicalTrace;
import dev.heddle.internal.frames.UnawaitedCoroutines;
import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.ForwardingCoroutine;
import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library that can be awaited any number of times, and runs anew each time. It stands for an operation without arguments, so that one
 * object serves all calls. It has no state of its own; a run that has to wait continues in a {@link Frame}.
 *
 * @param <T> the type of the result
 */
public abstract class Repeatable<T extends @Nullable Object> extends ForwardingCoroutine<T> {

    /** One call. While coroutines are watched each call has its own object, which shows whether it was awaited. */
    private static final class Call<T extends @Nullable Object> extends Repeatable<T> {

        private final Repeatable<T> called;

        Call(Repeatable<T> called) {
            super(called.owner, called.methodName);
            this.called = called;
            UnawaitedCoroutines.note(
                    this, new AsyncMethod(called.owner.getClass().getName(), called.methodName, null, "\0"));
        }

        @Override
        protected @Nullable Object begin() {
            UnawaitedCoroutines.noteStarted(this);
            return called.begin();
        }
    }

    private final Object owner;
    private final String methodName;

    /** The result of the method {@code methodName} of {@code owner}. */
    protected Repeatable(Object owner, String methodName) {
        this.owner = owner;
        this.methodName = methodName;
    }

    /** The result of a call: this, or a separate object for each call if coroutines are watched. */
    public final ForwardingCoroutine<T> called() {
        return UnawaitedCoroutines.isWatchedHere() ? new Call<>(this) : this;
    }

    /** Continues in {@code frame}, which has not begun. {@link #begin} calls this if it cannot finish at once. */
    protected static <T extends @Nullable Object> @Nullable Object goOnIn(Frame<T> frame) {
        return Suspension.await(frame);
    }

    /** Lets the trace of {@code failure} begin with the method that was called, and returns it for {@link #begin} to throw. */
    protected final <X extends Throwable> X calledBy(X failure) {
        String file = owner.getClass().getSimpleName() + ".java";
        LogicalTrace.raisedBy(new AsyncMethod(owner.getClass().getName(), methodName, file, "\0"), failure);
        return failure;
    }

    /** Prevents no run, because this can always run once more. */
    @Override
    protected final boolean discard() {
        UnawaitedCoroutines.noteStarted(this);
        return true;
    }

    @Override
    public String toString() {
        return "<coroutine " + owner.getClass().getName() + "." + methodName + " of " + owner + ">";
    }
}
