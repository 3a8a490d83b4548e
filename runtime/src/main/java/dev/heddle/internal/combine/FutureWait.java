// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.combine;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.TimerHandle;
import dev.heddle.Waited;
import dev.heddle.internal.loop.Seconds;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The state of one {@code Asyncio.wait}: decides when enough futures are done. Used on the thread of the loop. */
public final class FutureWait<F extends Future<?>> {

    private final Collection<F> argument;
    private final @Nullable Duration timeout;
    private final ReturnWhen returnWhen;
    private final Doors doors;

    private final Consumer<Future<?>> callback = this::completed;
    private Set<F> futures = Set.of();

    /** The number of futures whose callback has run. */
    private int completed;

    /** Completed when enough futures are done, or at the deadline. */
    private @Nullable Future<@Nullable Void> enough;

    private @Nullable TimerHandle timer;

    /** Creates a wait that has not begun. A null {@code timeout} means no limit. */
    public FutureWait(Collection<F> futures, @Nullable Duration timeout, ReturnWhen returnWhen, Doors doors) {
        this.argument = futures;
        this.timeout = timeout;
        this.returnWhen = returnWhen;
        this.doors = doors;
    }

    /** Begins the wait in {@code loop} and returns the future to await. After that await, the caller must call {@link #end}. */
    public Future<@Nullable Void> begin(EventLoop loop) {
        futures = new LinkedHashSet<>(argument);
        if (futures.isEmpty()) {
            throw new IllegalArgumentException("Set of Tasks/Futures is empty.");
        }
        for (Object future : futures) { // of type Object, because raw types let anything in
            if (future instanceof Coroutine<?>) {
                throw new IllegalArgumentException("Passing coroutines is forbidden, use tasks explicitly. " + future
                        + " becomes one by createTask");
            }
            doors.requireOwn((Future<?>) future, loop);
        }
        Future<@Nullable Void> waiter = loop.createFuture();
        enough = waiter;
        if (timeout != null) {
            timer = doors.callLater(loop, Seconds.toNanos(timeout), this::release);
        }
        for (F future : futures) {
            future.addDoneCallback(callback);
        }
        return waiter;
    }

    private void completed(Future<?> future) {
        completed++;
        doors.expectLook(future);
        boolean last = completed == futures.size();
        if (last || returnWhen == ReturnWhen.FIRST_COMPLETED || (endsAtFailure() && hasFailed(future))) {
            cancelTimer();
            release();
        }
    }

    private boolean endsAtFailure() {
        return returnWhen == ReturnWhen.FIRST_EXCEPTION;
    }

    /** Whether {@code future} has failed. Its failure then counts as retrieved. */
    private static boolean hasFailed(Future<?> future) {
        return !future.isCancelled() && future.exception() != null;
    }

    private void release() {
        Future<@Nullable Void> waiter = Objects.requireNonNull(enough);
        if (!waiter.isDone()) {
            waiter.setResult(null);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Cancels the timer and removes the callbacks. */
    public void end() {
        cancelTimer();
        for (F future : futures) {
            future.removeDoneCallback(callback);
        }
    }

    /** Returns the futures, divided into futures that are done and futures that are not. */
    public Waited<F> outcome() {
        Set<F> done = new LinkedHashSet<>();
        Set<F> pending = new LinkedHashSet<>();
        for (F future : futures) {
            (future.isDone() ? done : pending).add(future);
        }
        return new Waited<>(done, pending);
    }
}
