package dev.heddle.spi;

import dev.heddle.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library that can be awaited any number of times and runs anew each time: an operation without arguments, for
 * which one object does, whoever calls. It has no state of its own; a run that has to wait goes on in a {@link Frame}.
 *
 * @param <T> the type of the result
 */
public abstract class Repeatable<T extends @Nullable Object> extends Coroutine<T> {

    private final Object owner;
    private final String methodName;

    /** What the method {@code methodName} of {@code owner} gives. */
    protected Repeatable(Object owner, String methodName) {
        this.owner = owner;
        this.methodName = methodName;
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

    /** Does nothing: there is always a run that has not begun. */
    @Override
    protected final boolean discard() {
        return true;
    }

    @Override
    public String toString() {
        return "<coroutine " + owner.getClass().getName() + "." + methodName + " of " + owner + ">";
    }
}
