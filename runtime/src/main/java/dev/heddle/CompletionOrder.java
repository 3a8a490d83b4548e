package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.woven.Repeatable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Asyncio#asCompleted}. The coroutines take the futures that are done out of a queue, in the order in which the
 * futures called back; a coroutine that finds the queue empty waits in line.
 */
final class CompletionOrder<T> implements Iterator<Coroutine<T>> {

    private final EventLoop loop;
    private final @Nullable Duration timeout;

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

    CompletionOrder(Collection<? extends Awaitable<T>> awaitables, @Nullable Duration timeout) {
        this.loop = RunningLoop.orThreads();
        this.timeout = timeout;
        Set<Awaitable<T>> seen = new HashSet<>();
        // A copy, as an iterator might make the awaitables: all of them before the first is begun, as in asyncio.
        for (Awaitable<T> awaitable : new ArrayList<Awaitable<T>>(awaitables)) {
            boolean isShared = awaitable instanceof Sleep || awaitable instanceof Repeatable; // and as good as two
            if (seen.add(awaitable) || isShared) {
                pending.add(Futures.ensure(awaitable, loop));
            }
        }
        left = pending.size();
        for (Future<T> future : pending) {
            future.addDoneCallback(whenDone);
        }
        timer = timeout == null || pending.isEmpty()
                ? null
                : loop.callLaterNanos(Seconds.toNanos(timeout), this::expire);
    }

    private void completed(Future<T> future) {
        if (pending.remove(future)) {
            future.expectLook();
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

    private boolean isNothingThere() {
        return completed.isEmpty() && late == 0;
    }

    private void wakeNext() {
        Future<Void> waiter;
        do {
            waiter = waiters.poll();
        } while (waiter != null && waiter.isDone());
        if (waiter != null) {
            waiter.finish(null);
        }
    }

    private TimeoutException timeoutException() {
        long nanos = timeout == null ? 0 : Seconds.toNanos(timeout);
        return new TimeoutException("no result within " + Seconds.text(nanos));
    }

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
        return new Next<>(this);
    }

    /** The coroutine that ends as the next future to be done. */
    private static final class Next<T> extends NativeFrame<T> {

        private static final Native ENTRY = Native.ofFunction("asCompleted");

        private static final int TURN = 1;
        private static final int RESULT = 2;

        private final CompletionOrder<T> order;

        /** The future that this awaits while there is nothing for it. */
        private @Nullable Future<Void> waiter;

        Next(CompletionOrder<T> order) {
            super(ENTRY);
            this.order = order;
        }

        @Override
        protected @Nullable Object start() {
            if (order.isNothingThere()) {
                Future<Void> inLine = order.loop.createFuture();
                waiter = inLine;
                order.waiters.add(inLine);
                return await(TURN, inLine);
            }
            Future<T> future = order.completed.poll();
            if (future == null) {
                order.late--;
                throw order.timeoutException();
            }
            return await(RESULT, future); // it is done, so that this does not suspend
        }

        @Override
        protected @Nullable Object resumed(int await) {
            try {
                take();
            } catch (Throwable failure) {
                leaveLine();
                throw failure;
            }
            return start(); // somebody else may have been faster
        }

        /** Lets another go on if this was woken and is cancelled all the same. */
        private void leaveLine() {
            Future<Void> inLine = waiter;
            if (inLine != null) {
                inLine.cancel();
                order.waiters.remove(inLine);
                if (!order.isNothingThere() && !inLine.isCancelled()) {
                    order.wakeNext();
                }
            }
        }
    }
}
