// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
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
 * The state of one {@code Asyncio.asCompleted}: an iterator over coroutines. The first coroutine that is awaited has the outcome of the
 * first future that is done, and so on. The coroutines take futures from a queue, to which the callbacks of the futures add them. If the
 * queue is empty, a coroutine waits in line. Used on the thread of the loop.
 */
public final class CompletionOrder<T> implements Iterator<Coroutine<T>> {

    private final EventLoop loop;
    private final @Nullable Duration timeout;
    private final Doors doors;

    /** Creates the next coroutine. */
    private final Function<CompletionOrder<T>, Coroutine<T>> next;

    /** The futures whose callback has not run. Empty after the deadline. */
    private final Set<Future<T>> pending = new LinkedHashSet<>();

    private final Queue<Future<T>> completed = new ArrayDeque<>();
    private final Queue<Future<@Nullable Void>> waiters = new ArrayDeque<>();
    private final Consumer<Future<T>> whenDone = this::completed;
    private final @Nullable TimerHandle timer;

    /** The number of coroutines that are still to be returned. */
    private int left;

    /** The number of futures that were not done in time, and for which no coroutine has thrown yet. */
    private int late;

    /**
     * Starts all {@code awaitables} in {@code loop}.
     *
     * @param timeout how long to wait for them; null means no limit
     * @param next creates the coroutine that awaits one of them with {@link #enterLine} and {@link #take}
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
        // An iterator might create the awaitables. The copy ensures that all exist before the first starts, as in
        // asyncio.
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
        Future<@Nullable Void> waiter;
        do {
            waiter = waiters.poll();
        } while (waiter != null && waiter.isDone());
        if (waiter != null) {
            waiter.setResult(null);
        }
    }

    // Called by the coroutines

    /** Whether there is no future to {@link #take}, so that the caller has to wait in line. */
    public boolean isNothingThere() {
        return completed.isEmpty() && late == 0;
    }

    /** Enters the line and returns a future to await. When it is done, another coroutine may have been faster. */
    public Future<@Nullable Void> enterLine() {
        Future<@Nullable Void> turn = loop.createFuture();
        waiters.add(turn);
        return turn;
    }

    /** Leaves the line after the await of {@code turn} has failed. If the caller was woken nevertheless, the next in line is woken. */
    public void leaveLine(Future<@Nullable Void> turn) {
        turn.cancel();
        waiters.remove(turn);
        if (!isNothingThere() && !turn.isCancelled()) {
            wakeNext();
        }
    }

    /**
     * Takes the next future. It is done.
     *
     * @throws TimeoutException if instead a future that was not done in time has to be reported
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

    // Called by the program

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
