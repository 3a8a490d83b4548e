package dev.heddle;

import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.report.Throwables;
import java.util.Objects;
import java.util.function.Consumer;

/** One call of {@link EventLoop#runUntilComplete}. Its callback on the future stops the loop. */
final class CompletionRun<T> implements Consumer<Future<T>> {

    private final EventLoop loop;
    private final Future<T> future;

    /** Whether the future is a task to which only this run has a reference. */
    private final boolean own;

    /** Whether the run has ended for another reason. The callback may already be scheduled, and would stop the next run. */
    private boolean over;

    CompletionRun(EventLoop loop, Awaitable<T> awaitable) {
        RunningLoop.requireRunnable(loop, Objects.requireNonNull(awaitable, "awaitable"));
        this.loop = loop;
        this.future = loop.maker.ensure(awaitable);
        this.own = future != awaitable;
        if (own) {
            ((Task<T>) future).mayStayPending = true;
        }
    }

    T run() {
        future.addDoneCallback(this);
        try {
            loop.core.run(LoopCore.Until.COMPLETE);
        } catch (Throwable failure) {
            if (own) {
                future.markRetrieved();
            }
            throw failure;
        } finally {
            over = true;
            future.removeDoneCallback(this);
        }
        if (!future.isDone()) {
            throw new IllegalStateException("Event loop stopped before Future completed.");
        }
        return future.result();
    }

    /** Stops the loop, unless the failure leaves the loop: then the stop would end the next run. */
    @Override
    public void accept(Future<T> done) {
        if (!over && (done.state() != Future.FAILED || !Throwables.leavesLoop(done.failureSeen()))) {
            loop.stop();
        }
    }
}
