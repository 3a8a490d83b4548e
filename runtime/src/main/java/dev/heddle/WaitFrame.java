package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.internal.loop.Seconds;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The coroutine that {@link Asyncio#wait} gives. */
final class WaitFrame<F extends Future<?>> extends NativeFrame<Waited<F>> {

    private static final Native ENTRY = Native.ofFunction("wait");

    private final Collection<F> argument;
    private final @Nullable Duration timeout;
    private final ReturnWhen returnWhen;

    private final Consumer<Future<?>> callback = this::completed;
    private Set<F> futures = Set.of();

    /** How many of the futures have called back. */
    private int completed;

    /** The future that this awaits: completed when enough futures are, or the time is over. */
    private @Nullable Future<Void> enough;

    private @Nullable TimerHandle timer;

    WaitFrame(Collection<F> argument, @Nullable Duration timeout, ReturnWhen returnWhen) {
        super(ENTRY);
        this.argument = argument;
        this.timeout = timeout;
        this.returnWhen = returnWhen;
    }

    @Override
    protected @Nullable Object start() {
        EventLoop loop = RunningLoop.get();
        futures = new LinkedHashSet<>(argument);
        if (futures.isEmpty()) {
            throw new IllegalArgumentException("Set of Tasks/Futures is empty.");
        }
        for (Object future : futures) { // as raw types let anything in
            if (future instanceof Coroutine<?>) {
                throw new IllegalArgumentException("Passing coroutines is forbidden, use tasks explicitly. " + future
                        + " becomes one by createTask");
            }
            loop.maker.requireOwn((Future<?>) future);
        }
        Future<Void> waiter = loop.createFuture();
        enough = waiter;
        if (timeout != null) {
            timer = loop.callLaterNanos(Seconds.toNanos(timeout), this::release);
        }
        for (F future : futures) {
            future.addDoneCallback(callback);
        }
        return await(1, waiter);
    }

    private void completed(Future<?> future) {
        completed++;
        future.expectLook();
        boolean last = completed == futures.size();
        if (last || returnWhen == ReturnWhen.FIRST_COMPLETED || (endsAtFailure() && hasFailed(future))) {
            cancelTimer();
            release();
        }
    }

    private boolean endsAtFailure() {
        return returnWhen == ReturnWhen.FIRST_EXCEPTION;
    }

    /** Looks at the failure, so that it counts as retrieved. */
    private static boolean hasFailed(Future<?> future) {
        return !future.isCancelled() && future.exception() != null;
    }

    private void release() {
        Future<Void> waiter = Objects.requireNonNull(enough);
        if (!waiter.isDone()) {
            waiter.finish(null);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    protected @Nullable Object resumed(int await) {
        cancelTimer();
        for (F future : futures) {
            future.removeDoneCallback(callback);
        }
        take();
        Set<F> done = new LinkedHashSet<>();
        Set<F> pending = new LinkedHashSet<>();
        for (F future : futures) {
            (future.isDone() ? done : pending).add(future);
        }
        return new Waited<>(done, pending);
    }
}
