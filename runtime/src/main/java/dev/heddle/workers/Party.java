package dev.heddle.workers;

import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.coroutines.NativeFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that waits for its turn at a {@link Channel}. All that is not private is guarded by the channel's lock.
 *
 * @param <R> the type of the result
 */
abstract class Party<R extends @Nullable Object> extends NativeFrame<R> {

    /** How far the wait is. */
    enum Turn {
        /** In a line. */
        WAITING,
        /** Out of it, with a claim on an element or on room, which the task has to use or give back. */
        GRANTED,
        /** Out of it for good: the channel is closed, or the task does not wait any more. */
        OVER
    }

    Turn turn = Turn.OVER;

    /** The neighbours in the line. */
    @Nullable
    Party<?> previous;

    @Nullable
    Party<?> next;

    private @Nullable EventLoop loop;

    /** What the task awaits. Used on its loop's thread. */
    private @Nullable Future<Boolean> future;

    Party(Native entry) {
        super(entry);
    }

    /** The loop of the task, from when it waits. */
    final EventLoop loop() {
        return Objects.requireNonNull(loop);
    }

    /** Prepares this to wait: what may be woken as soon as it is in a line. */
    final void prepare() {
        EventLoop running = Asyncio.getRunningLoop();
        loop = running;
        future = running.createFuture();
    }

    /** Waits, after having been put in a line. */
    final @Nullable Object waitForTurn() {
        return await(1, Objects.requireNonNull(future));
    }

    /** Wakes the task if it still waits. Called on its loop's thread. */
    final void wake() {
        Future<Boolean> awaited = Objects.requireNonNull(future);
        if (!awaited.isDone()) {
            awaited.setResult(true);
        }
    }
}
