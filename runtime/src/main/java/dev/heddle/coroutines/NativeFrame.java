// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.coroutines;

import dev.heddle.internal.frames.Chain;
import dev.heddle.internal.frames.UnawaitedCoroutines;
import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Entry;
import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library in the form that the weaver gives to an async method, but written by hand. It follows the convention of {@link
 * Suspension}, and appears as a public method of the library in stack traces.
 *
 * @param <T> the type of the result
 */
public abstract class NativeFrame<T extends @Nullable Object> extends Frame<T> {

    /** The entry of the frames of one kind. */
    public static final class Native implements Entry {

        private final AsyncMethod method;

        /** Creates an entry with the name of the method that creates the frames. {@code owner} is the method's class, a top-level class. */
        public Native(Class<?> owner, String methodName) {
            this.method = new AsyncMethod(owner.getName(), methodName, owner.getSimpleName() + ".java", "\0");
        }

        private Native(String className, String methodName, String fileName) {
            this.method = new AsyncMethod(className, methodName, fileName, "\0");
        }

        /**
         * An entry named as the function of {@code Asyncio} that makes the frames. The name alone is known here, as that class is built on
         * top.
         */
        public static Native ofFunction(String name) {
            return new Native("dev.heddle.Asyncio", name, "Asyncio.java");
        }

        @Override
        public @Nullable Object resume(@Nullable Frame<?> frame) {
            return frame == null ? method : ((NativeFrame<?>) frame).resumed(frame.state); // start has begun it
        }
    }

    /** Creates a frame that {@code entry} resumes. */
    protected NativeFrame(Native entry) {
        super(entry);
    }

    /** Runs the body from its beginning. Returns the result, or {@link Suspension#SUSPENDED}. */
    @Override
    protected abstract @Nullable Object start();

    /** Runs the body from its {@code await} with the given number. {@link #take} returns the outcome of that await. */
    protected abstract @Nullable Object resumed(int await);

    /**
     * Returns this frame to its state before the first call if it has finished, so that it can be reused for another call.
     *
     * @return false if it has not finished, or if the caller's coroutines are watched, because a report needs an object for each call; then
     *     nothing happens
     */
    public final boolean renewIfOver() {
        return state == FINISHED && !UnawaitedCoroutines.isWatchedHere() && Chain.renew(this);
    }

    /**
     * Awaits {@code awaitable}. {@code number} is the number of the await and must be positive.
     *
     * @return its result, or {@link Suspension#SUSPENDED}, which the caller must return
     */
    protected final @Nullable Object await(int number, Object awaitable) {
        Object outcome = Suspension.await(awaitable);
        return outcome == Suspension.SUSPENDED ? suspendAt(number, awaitable) : outcome;
    }
}
