package dev.heddle.coroutines;

import dev.heddle.internal.frames.Chain;
import dev.heddle.internal.frames.UnawaitedCoroutines;
import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Entry;
import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library, written by hand as what the weaver makes of an async method: it follows the convention of
 * {@link Suspension}, and looks like a public method of the library in stack traces.
 *
 * @param <T> the type of the result
 */
public abstract class NativeFrame<T extends @Nullable Object> extends Frame<T> {

    /** The way into the frames of one kind. */
    public static final class Native implements Entry {

        private final AsyncMethod method;

        /** An entry named as the method of {@code owner}, a top-level class, that makes the frames. */
        public Native(Class<?> owner, String methodName) {
            this.method = new AsyncMethod(owner.getName(), methodName, owner.getSimpleName() + ".java", "\0");
        }

        private Native(String className, String methodName, String fileName) {
            this.method = new AsyncMethod(className, methodName, fileName, "\0");
        }

        /** An entry named as the function of {@code Asyncio} that makes the frames. The name alone is known here, as that class is built on top. */
        public static Native ofFunction(String name) {
            return new Native("dev.heddle.Asyncio", name, "Asyncio.java");
        }

        @Override
        public @Nullable Object resume(@Nullable Frame<?> frame) {
            return frame == null ? method : ((NativeFrame<?>) frame).resumed(frame.state); // it has begun by start
        }
    }

    /** A frame that {@code entry} continues. */
    protected NativeFrame(Native entry) {
        super(entry);
    }

    /** Runs the body from its beginning: gives the result, or {@link Suspension#SUSPENDED}. */
    @Override
    protected abstract @Nullable Object start();

    /** Runs the body from its {@code await} with the given number, whose outcome {@link #take} gives. */
    protected abstract @Nullable Object resumed(int await);

    /**
     * Returns this to its state before the first call if it has finished, so that it can stand for another one.
     *
     * @return false, and nothing happens, if it has not finished, or if coroutines made by the caller are watched: a report needs an object for each call
     */
    public final boolean renewIfOver() {
        return state == FINISHED && !UnawaitedCoroutines.isWatchedHere() && Chain.renew(this);
    }

    /**
     * Awaits {@code awaitable} as the await with number {@code number}, a positive one.
     *
     * @return its result, or {@link Suspension#SUSPENDED}, which the caller returns
     */
    protected final @Nullable Object await(int number, Object awaitable) {
        Object outcome = Suspension.await(awaitable);
        return outcome == Suspension.SUSPENDED ? suspendAt(number, awaitable) : outcome;
    }
}
