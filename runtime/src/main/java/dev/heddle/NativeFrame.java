package dev.heddle;

import dev.heddle.spi.AsyncMethod;
import dev.heddle.spi.Entry;
import dev.heddle.spi.Frame;
import dev.heddle.spi.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library, written by hand as what the weaver makes of an {@link Async} method: it follows the convention of
 * {@link Suspension}, and looks like a method of {@link Asyncio} in stack traces.
 *
 * @param <T> the type of the result
 */
abstract class NativeFrame<T> extends Frame<T> {

    /** The way into the frames of one kind. */
    static final class Native extends Entry {

        /** An entry named as the method of {@link Asyncio} that makes the frames. */
        Native(String methodName) {
            super(new AsyncMethod("dev.heddle.Asyncio", methodName, "Asyncio.java", "\0"));
        }

        @Override
        protected @Nullable Object resume(Frame<?> frame) {
            NativeFrame<?> self = (NativeFrame<?>) frame;
            return frame.state > 0 ? self.resumed(frame.state) : self.started();
        }
    }

    NativeFrame(Native entry) {
        super(entry);
    }

    /** Runs the body from its beginning: gives the result, or {@link Suspension#SUSPENDED}. */
    abstract @Nullable Object started();

    /** Runs the body from its {@code await} with the given number, whose outcome {@link #take} gives. */
    abstract @Nullable Object resumed(int await);

    /**
     * Awaits {@code awaitable} as the await with number {@code number}, a positive one.
     *
     * @return its result, or {@link Suspension#SUSPENDED}, which the caller returns
     */
    final @Nullable Object await(int number, Awaitable<?> awaitable) {
        Object outcome = Suspension.await(awaitable);
        return outcome == Suspension.SUSPENDED ? suspendAt(number, awaitable) : outcome;
    }
}
