// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.combine;

import dev.heddle.CancelledError;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.TimeoutException;
import dev.heddle.internal.loop.Seconds;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one {@code Asyncio.waitFor} whose deadline has already passed: it cancels the future and waits for its end. The future
 * itself is not awaited, so that a cancellation of the waiting task can be distinguished from the cancellation of the future. Used on the
 * thread of the loop.
 */
public final class LateWait<T> {

    private final Future<T> future;
    private final Future<@Nullable Void> ended;
    private final Consumer<Future<T>> callback;

    private LateWait(Future<T> future, EventLoop loop) {
        Future<@Nullable Void> waiter = loop.createFuture();
        this.future = future;
        this.ended = waiter;
        this.callback = done -> {
            if (!waiter.isDone()) {
                waiter.setResult(null);
            }
        };
    }

    /** Cancels {@code future}, which is not done, on behalf of a task of {@code loop}. */
    public static <T> LateWait<T> begin(Future<T> future, EventLoop loop) {
        LateWait<T> wait = new LateWait<>(future, loop);
        future.addDoneCallback(wait.callback);
        future.cancel();
        return wait;
    }

    /** Returns the future to await. It is completed when the cancelled future is done. */
    public Future<@Nullable Void> ended() {
        return ended;
    }

    /** Removes the callback after the await. */
    public void end() {
        future.removeDoneCallback(callback);
    }

    /**
     * Returns the result of the future, if it has one although it was cancelled. If it has failed, its failure is thrown.
     *
     * @param nanos the time limit, for the message
     * @throws TimeoutException if the future ended cancelled
     */
    public T result(long nanos) {
        try {
            return future.result();
        } catch (CancelledError cancelled) {
            throw new TimeoutException("no result within " + Seconds.text(nanos), cancelled);
        }
    }
}
