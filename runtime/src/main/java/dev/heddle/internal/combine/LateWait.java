package dev.heddle.internal.combine;

import dev.heddle.CancelledError;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.TimeoutException;
import dev.heddle.internal.loop.Seconds;
import java.util.function.Consumer;

/**
 * One {@code Asyncio.waitFor} without any time: cancels the future and waits for its end. The future is not awaited itself, so that a
 * cancellation of the waiting task is told from that of the future. Used on the thread of the loop.
 */
public final class LateWait<T> {

    private final Future<T> future;
    private final Future<Void> ended;
    private final Consumer<Future<T>> callback;

    private LateWait(Future<T> future, EventLoop loop) {
        Future<Void> waiter = loop.createFuture();
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

    /** The future to be awaited: completed when the cancelled one is done. */
    public Future<Void> ended() {
        return ended;
    }

    /** Takes the callback back, when the await is over. */
    public void end() {
        future.removeDoneCallback(callback);
    }

    /**
     * The result of the future that was cancelled, if it has one all the same.
     *
     * @param nanos how much time there was, for the message
     * @throws TimeoutException if the future is cancelled; any other throwable if it failed with it
     */
    public T result(long nanos) {
        try {
            return future.result();
        } catch (CancelledError cancelled) {
            throw new TimeoutException("no result within " + Seconds.text(nanos), cancelled);
        }
    }
}
