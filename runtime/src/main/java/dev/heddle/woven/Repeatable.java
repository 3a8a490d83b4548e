package dev.heddle.woven;

import dev.heddle.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library that can be awaited any number of times and runs anew each time: an operation without arguments, for
 * which one object does, whoever calls. It has no state of its own; a run that has to wait goes on in a {@link Frame}.
 *
 * @param <T> the type of the result
 */
public abstract class Repeatable<T extends @Nullable Object> extends Coroutine<T> {

    /** One call, where coroutines are watched: so that it is known whether somebody has awaited it. */
    private static final class Call<T extends @Nullable Object> extends Repeatable<T> {

        private final Repeatable<T> called;

        Call(Repeatable<T> called) {
            super(called.owner, called.methodName);
            this.called = called;
            UnawaitedCoroutines.made(
                    this, new AsyncMethod(called.owner.getClass().getName(), called.methodName, null, "\0"));
        }

        @Override
        protected @Nullable Object begin() {
            UnawaitedCoroutines.started(this);
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

    /** The result of a call: this, or if coroutines are watched an object of its own for each call. */
    public final Coroutine<T> called() {
        return UnawaitedCoroutines.isWatchedHere() ? new Call<>(this) : this;
    }

    /** Goes on in {@code frame}, which has not begun: for {@link #begin} where it cannot finish at once. */
    protected static <T extends @Nullable Object> @Nullable Object goOnIn(Frame<T> frame) {
        return Suspension.await(frame);
    }

    /** {@code failure}, for {@link #begin} to throw: its trace begins with the method that this is a call of. */
    protected final <X extends Throwable> X calledBy(X failure) {
        String file = owner.getClass().getSimpleName() + ".java";
        LogicalTrace.raisedBy(new AsyncMethod(owner.getClass().getName(), methodName, file, "\0"), failure);
        return failure;
    }

    /** Prevents nothing: there is always a run that has not begun. */
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
