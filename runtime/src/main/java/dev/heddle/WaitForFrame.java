package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The coroutine that {@link Asyncio#waitFor} gives. It awaits inline, in the task that awaits it; only with no time left is a task made,
 * which is cancelled before it begins.
 */
final class WaitForFrame<T> extends LimitedFrame<T> {

    private static final Native ENTRY = Native.ofFunction("waitFor");

    private static final int WITHOUT_LIMIT = 2;
    private static final int CANCELLED_FUTURE = 3;

    private final Awaitable<T> awaitable;
    private final @Nullable Duration timeout;

    /** The future that is cancelled when there is no time, and the callback that tells of its end. */
    private @Nullable Future<T> late;

    private @Nullable Consumer<Future<T>> callback;

    WaitForFrame(Awaitable<T> awaitable, @Nullable Duration timeout) {
        super(ENTRY);
        this.awaitable = awaitable;
        this.timeout = timeout;
    }

    @Override
    protected @Nullable Object start() {
        if (timeout == null) {
            return await(WITHOUT_LIMIT, awaitable);
        }
        long nanos = Seconds.toNanos(timeout);
        if (nanos <= 0) {
            return cancelAtOnce();
        }
        EventLoop loop = RunningLoop.get();
        long now = loop.clock.nanos();
        return beginLimited(loop, now, Seconds.sum(now, nanos));
    }

    @Override
    protected @Nullable Object resumed(int await) {
        return switch (await) {
            case WITHOUT_LIMIT -> take();
            case LIMITED -> endLimited();
            default -> lateOutcome();
        };
    }

    @Override
    Awaitable<T> limited(Timeout limit) {
        return awaitable;
    }

    /** Cancels what is not done. It is not awaited itself, so that a cancellation of this wait is told from its own. */
    private @Nullable Object cancelAtOnce() {
        Future<T> future = Futures.ensure(awaitable, Futures.loopOf(awaitable));
        if (future.isDone()) {
            return await(CANCELLED_FUTURE, future); // which does not suspend
        }
        Future<Void> ended = RunningLoop.get().createFuture();
        late = future;
        callback = done -> {
            if (!ended.isDone()) {
                ended.finish(null);
            }
        };
        future.addDoneCallback(callback);
        future.cancel();
        return await(CANCELLED_FUTURE, ended);
    }

    private @Nullable Object lateOutcome() {
        Future<T> future = Objects.requireNonNull(late);
        future.removeDoneCallback(Objects.requireNonNull(callback));
        take();
        try {
            return future.result();
        } catch (CancelledError cancelled) {
            throw new TimeoutException(
                    "no result within " + Seconds.text(Seconds.toNanos(Objects.requireNonNull(timeout))), cancelled);
        }
    }
}
