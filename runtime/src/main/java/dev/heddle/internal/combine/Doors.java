package dev.heddle.internal.combine;

import dev.heddle.Awaitable;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.TimerHandle;

/** The members of loops and futures that this package uses and programs do not see. Used on the thread of the loop. */
public interface Doors {

    /** Gives {@code awaitable} itself if it is a future, otherwise a new task of {@code loop}. */
    <T> Future<T> ensure(Awaitable<T> awaitable, EventLoop loop);

    /** Whether each occurrence of {@code awaitable} in a collection counts by itself, though one object does for all of them. */
    boolean isCallOfItsOwn(Awaitable<?> awaitable);

    /**
     * Checks that {@code future} belongs to {@code loop}.
     *
     * @throws IllegalArgumentException if it belongs to another
     */
    void requireOwn(Future<?> future, EventLoop loop);

    /** Keeps the failure of {@code future} from being reported while a caller has the future and has still to look at it. */
    void expectLook(Future<?> future);

    /** Calls {@code callback} after {@code nanos} nanoseconds. */
    TimerHandle callLater(EventLoop loop, long nanos, Runnable callback);
}
