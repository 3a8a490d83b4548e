package dev.heddle.internal.combine;

import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.TimeoutException;
import dev.heddle.TimerHandle;
import dev.heddle.internal.loop.Seconds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Asyncio.asCompleted}: an iterator over coroutines, the first of which to be awaited ends as the first future to be done. The
 * coroutines take the futures that are done out of a queue, in the order in which the futures called back. A coroutine that finds the
 * queue empty waits in line. Used on the thread of the loop.
 */
public final class CompletionOrder<T> implements Iterator<Coroutine<T>> {

    private final EventLoop loop;
    private final @Nullable Duration timeout;
    private final Doors doors;

    /** Makes the next coroutine. */
    private final Function<CompletionOrder<T>, Coroutine<T>> next;

    /** The futures that have not called back, until the time is over. */
    private final Set<Future<T>> pending = new LinkedHashSet<>();

    private final Queue<Future<T>> completed = new ArrayDeque<>();
    private final Queue<Future<Void>> waiters = new ArrayDeque<>();
    private final Consumer<Future<T>> whenDone = this::completed;
    private final @Nullable TimerHandle timer;

    /** How many coroutines are still to be given. */
    private int left;

    /** How many futures were not done in time, and were not asked for since. */
    private int late;

    /**
     * Begins all of {@code awaitables} in {@code loop}.
     *
     * @param timeout how long to wait for them, null for no limit
     * @param next makes the coroutine that awaits one of them by means of {@link #enterLine} and {@link #take}
     */
    public CompletionOrder(
            Collection<? extends Awaitable<T>> awaitables,
            @Nullable Duration timeout,
            EventLoop loop,
            Doors doors,
            Function<CompletionOrder<T>, Coroutine<T>> next) {
        this.loop = loop;
        this.timeout = timeout;
        this.doors = doors;
        this.next = next;
        Set<Awaitable<T>> seen = new HashSet<>();
        // A copy, as an iterator might make the awaitables: all of them before the first is begun, as in asyncio.
        for (Awaitable<T> awaitable : new ArrayList<Awaitable<T>>(awaitables)) {
            if (seen.add(awaitable) || doors.isCallOfItsOwn(awaitable)) {
                pending.add(doors.ensure(awaitable, loop));
            }
        }
        left = pending.size();
        for (Future<T> future : pending) {
            future.addDoneCallback(whenDone);
        }
        timer = timeout == null || pending.isEmpty()
                ? null
                : doors.callLater(loop, Seconds.toNanos(timeout), this::expire);
    }

    private void completed(Future<T> future) {
        if (pending.remove(future)) {
            doors.expectLook(future);
            completed.add(future);
            wakeNext();
            if (pending.isEmpty() && timer != null) {
                timer.cancel();
            }
        }
    }

    private void expire() {
        for (Future<T> future : pending) {
            future.removeDoneCallback(whenDone);
            late++;
            wakeNext();
        }
        pending.clear();
    }

    private void wakeNext() {
        Future<Void> waiter;
        do {
            waiter = waiters.poll();
        } while (waiter != null && waiter.isDone());
        if (waiter != null) {
            waiter.setResult(null);
        }
    }

    // For a coroutine

    /** Whether there is nothing to {@link #take}, so that the caller has to wait in line. */
    public boolean isNothingThere() {
        return completed.isEmpty() && late == 0;
    }

    /** Enters the line and gives the future to be awaited. Somebody else may have been faster when it is done. */
    public Future<Void> enterLine() {
        Future<Void> turn = loop.createFuture();
        waiters.add(turn);
        return turn;
    }

    /** Leaves the line when the await of {@code turn} has failed, and lets another go on if this one was woken all the same. */
    public void leaveLine(Future<Void> turn) {
        turn.cancel();
        waiters.remove(turn);
        if (!isNothingThere() && !turn.isCancelled()) {
            wakeNext();
        }
    }

    /**
     * Takes the next future, which is done.
     *
     * @throws TimeoutException if the time of one that has to be told of is over
     */
    public Future<T> take() {
        Future<T> future = completed.poll();
        if (future == null) {
            late--;
            throw new TimeoutException(
                    "no result within " + Seconds.text(Seconds.toNanos(Objects.requireNonNull(timeout))));
        }
        return future;
    }

    // For the program

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public Coroutine<T> next() {
        if (left == 0) {
            throw new NoSuchElementException("asCompleted has given a coroutine for each awaitable");
        }
        left--;
        return next.apply(this);
    }
}
