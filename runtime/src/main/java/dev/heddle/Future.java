// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.LoopStage;
import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.frames.LogicalTrace;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.report.Text;
import dev.heddle.internal.report.UnretrievedFailures;
import dev.heddle.woven.Suspension;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds a result that is not known yet. A future is pending until it receives a result or a failure, or is cancelled. Any of these happens
 * once. Awaiting a future waits for it. Use a future to connect callbacks with coroutines; create it with {@link EventLoop#createFuture}.
 * Corresponds to {@code asyncio.Future}.
 *
 * <p>A future belongs to one {@link EventLoop}. It is used on the thread of that loop, or on one thread while the loop does not run. Other
 * threads may call {@link #isDone}, {@link #isCancelled}, {@link #state} and {@link #loop}, and may see an older state. While the loop runs, all other
 * methods throw an {@code IllegalStateException} there. To pass the outcome to another loop or thread, use {@link #toCompletableFuture}.
 *
 * <p>Waiters continue in the next iteration of the loop, never inside the call that completes the future. A failure that is never retrieved
 * is reported to the loop's exception handler, see {@link EventLoop#setExceptionHandler}.
 *
 * @param <T> the type of the result
 */
public sealed class Future<T extends @Nullable Object> extends Step implements Awaitable<T>
        permits Task, GatherFuture, Future.OfGroup, ExternalFuture {

    /** The {@link #outcome} with a result. Final. While there is no outcome, the state is that of a {@link Step}. */
    static final int FINISHED = DUE_CANCELLED - 1;

    /** The {@link #outcome} with a failure, which may be any throwable, even a {@link CancelledError}. Final. */
    static final int FAILED = FINISHED - 1;

    /** The {@link #outcome} after a cancellation. Final. */
    static final int CANCELLED = FAILED - 1;

    /** What has become of a future. Only {@link #PENDING} changes. */
    public enum State {
        /** There is no outcome yet. */
        PENDING,
        /** There is a result. */
        FINISHED,
        /** There is a failure. */
        FAILED,
        /** It was cancelled. */
        CANCELLED
    }

    /** The futures that this thread is converting to text. A future may be contained in its own result. */
    private static final ThreadLocal<Set<Future<?>>> DESCRIBED =
            ThreadLocal.withInitial(() -> Collections.newSetFromMap(new IdentityHashMap<>()));

    /**
     * Completes when all tasks of a task group are done. The parent awaits it at the end of its block. Cancellation requests pass through it.
     */
    abstract static non-sealed class OfGroup extends Future<Void> {

        OfGroup(EventLoop loop) {
            super(loop);
        }

        /** Whether the tasks were cancelled. */
        abstract boolean isAborting();

        /** Returns the tasks whose callback has not run yet. */
        abstract Set<Task<?>> tasks();
    }

    /** A failure that was thrown at an await, with the stack trace that it had before. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Raised(Throwable failure, StackTraceElement[] trace) {}

    final EventLoop loop;

    /**
     * The data of the state. Pending: the waiters, which are null, a {@link Task}, a {@code Consumer}, a {@link Waiters.DoneCallback} or
     * {@link Waiters}. Finished: the result. Failed: an {@link UnretrievedFailures.Entry} while the failure is unretrieved, a {@link
     * Raised} after it was awaited, otherwise the throwable. Cancelled: the error to throw first, or the message of errors to create later,
     * or null.
     */
    private @Nullable Object content;

    Future(EventLoop loop) {
        this.loop = loop;
        if (loop.debug) {
            loop.creations.note(this);
        }
    }

    // For a task that waits

    @Override
    protected final @Nullable Object begin() {
        if (state == FINISHED) {
            return content;
        }
        if (!isDone()) {
            return Suspension.SUSPENDED;
        }
        Throwable failure = raised();
        LogicalTrace.extendByStack(failure, this instanceof Task || this instanceof GatherFuture);
        throw Sneaky.thrown(failure);
    }

    /** Adds a task or a callback to the waiters. This future must be pending. */
    final void addWaiter(Object waiter) {
        Object waiting = content;
        if (waiting == null) {
            content = waiter;
        } else if (waiting instanceof Waiters several) {
            several.add(waiter);
        } else {
            content = new Waiters(waiting, waiter);
        }
    }

    /** Whether {@code waiter} was added last. This future must be pending. */
    final boolean isLastWaiter(Object waiter) {
        return (content instanceof Waiters several ? several.last() : content) == waiter;
    }

    private int removeWaiters(Object waiter) {
        Object waiting = content;
        if (isDone() || waiting == null) {
            return 0;
        }
        if (waiting instanceof Waiters several) {
            return several.removeAll(waiter);
        }
        if (!Waiters.DoneCallback.waitsFor(waiting, waiter)) {
            return 0;
        }
        content = null;
        return 1;
    }

    /** Removes {@code task} from the waiters. */
    final void forget(Task<?> task) {
        removeWaiters(task);
    }

    /** Notifies the waiters that need to know that this future never completes. */
    final void dropWaiters(IllegalStateException closed) {
        if (isDone()) {
            return;
        }
        Object waiting = content;
        if (waiting instanceof Waiters several) {
            several.drop(closed);
        } else if (waiting != null) {
            Waiters.DoneCallback.drop(waiting, closed);
        }
    }

    /** Returns the result. This future must be finished. */
    final @Nullable Object value() {
        return content;
    }

    /**
     * Returns the throwable for an await of this future, which must have failed or been cancelled. The failure then counts as retrieved. A
     * failure is returned with its first stack trace each time, to which the awaiting methods are then added.
     */
    final Throwable raised() {
        if (state == CANCELLED) {
            return cancellation();
        }
        Throwable failure = failure();
        if (content instanceof Raised raised) {
            failure.setStackTrace(raised.trace);
        } else {
            boolean isOutside = this instanceof ExternalFuture;
            content = new Raised(failure, isOutside ? LogicalTrace.outside(failure) : failure.getStackTrace());
        }
        return failure;
    }

    /** Returns the failure, which does not count as retrieving it. This future must have failed. */
    final Throwable failureSeen() {
        if (content instanceof UnretrievedFailures.Entry entry) {
            return entry.failure;
        }
        return content instanceof Raised raised ? raised.failure : (Throwable) Objects.requireNonNull(content);
    }

    /** Returns the failure, which counts as retrieving it. */
    private Throwable failure() {
        markRetrieved();
        return failureSeen();
    }

    /** Returns the error of a cancellation: the original error the first time, then new ones, with the message if it is known. */
    private CancelledError cancellation() {
        if (content instanceof CancelledError original) {
            content = null;
            return original;
        }
        return new CancelledError((String) content);
    }

    /** Records that the failure, if there is one, was retrieved. */
    final void markRetrieved() {
        if (state == FAILED && content instanceof UnretrievedFailures.Entry entry) {
            loop.unretrieved.remove(entry);
            content = entry.failure;
        }
    }

    /** Records that a waiter for this future and others is going to retrieve the failure. */
    final void expectLook() {
        if (state == FAILED && content instanceof UnretrievedFailures.Entry entry) {
            loop.unretrieved.expect(entry);
        }
    }

    // Becoming done

    final void finish(@Nullable Object result) {
        done(FINISHED, result);
    }

    final void fail(Throwable failure) {
        Object waiting = content;
        boolean awaited = waiting instanceof Task || (waiting instanceof Waiters several && several.includesTask());
        if (awaited) {
            done(FAILED, failure);
        } else {
            UnretrievedFailures.Entry entry = loop.unretrieved.entry(this, failure, remains());
            done(FAILED, entry);
            loop.unretrieved.add(entry);
        }
    }

    /** Returns what a report needs of this failed future if it has been collected by then. */
    UnretrievedFailures.Remains remains() {
        return loop.plainRemains;
    }

    /** The remains of every future of {@code loop} that is not a task. */
    record PlainRemains(EventLoop loop) implements UnretrievedFailures.Remains {

        @Override
        public String kind() {
            return "Future";
        }

        @Override
        public Object revive(Throwable failure, @Nullable List<StackTraceElement> created) {
            return new Future<>(loop).revived(failure, created);
        }
    }

    /** Makes this new future a copy of one that has failed and was made at {@code created}. */
    final Future<T> revived(Throwable failure, @Nullable List<StackTraceElement> created) {
        loop.creations.note(this, created);
        becomeFailed(failure);
        return this;
    }

    /** Makes this future a copy of a failed one. It has no waiters to wake, and its failure is not reported. */
    final void becomeFailed(Throwable failure) {
        state = FAILED;
        content = failure;
    }

    /** Ends this future as cancelled, with a {@link CancelledError}, a message or null. */
    final void finishCancelled(@Nullable Object cause) {
        done(CANCELLED, cause);
    }

    /** Wakes the waiters, which may fail. Only then does this future become done, by stores, which cannot fail. */
    private void done(int outcome, @Nullable Object value) {
        Object waiting = content;
        boolean closed = loop.isClosed();
        if (waiting != null && !closed) {
            if (waiting instanceof Task<?> task) {
                loop.ready.add(task);
            } else {
                wake(waiting, outcome);
            }
        }
        state = outcome;
        content = value;
        if (this instanceof Task || this instanceof ExternalFuture) { // a call may fail
            completed();
        }
        if (waiting != null && closed) {
            loop.requireOpen();
        }
    }

    /** Appends the waiters, which are not a single task, to the ready queue. If this method throws, it has appended none. */
    private void wake(Object waiting, int outcome) {
        if (waiting instanceof Waiters several) {
            several.wake(this, outcome);
        } else if (waiting instanceof GatherFuture<?> gather) {
            if (gather.hears(outcome)) {
                loop.ready.add(Waiters.DoneCallback.handle(gather, this));
            }
            if (--gather.pending == 0) {
                gather.last = this;
            }
        } else {
            loop.ready.add(Waiters.DoneCallback.handle(waiting, this));
        }
    }

    /** Returns the message of a cancellation request that could not be passed on, or null. */
    @Nullable
    String cancelMessage() {
        return null;
    }

    /** Called when this future has become done, before any woken waiter runs. */
    void completed() {}

    // The API

    /**
     * Returns the result. This method never blocks. If this future has failed, its throwable is thrown as it is, even a checked exception.
     *
     * @throws InvalidStateException if this future is pending
     * @throws CancelledError if this future was cancelled
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the content is a T, which may include null
    public final T result() {
        loop.checkThread();
        if (!isDone()) {
            throw new InvalidStateException("Result is not ready.");
        }
        if (state != FINISHED) {
            throw Sneaky.thrown(raised());
        }
        return (T) content;
    }

    /**
     * Returns the failure, or null if there is a result.
     *
     * @throws InvalidStateException if this future is pending
     * @throws CancelledError if this future was cancelled
     */
    public final @Nullable Throwable exception() {
        loop.checkThread();
        if (!isDone()) {
            throw new InvalidStateException("Exception is not set.");
        }
        if (state == CANCELLED) {
            throw cancellation();
        }
        return state == FAILED ? failure() : null;
    }

    /** Whether this future has a result, has failed or was cancelled. */
    public final boolean isDone() {
        return state <= FINISHED;
    }

    /** Whether this future was cancelled. A future that failed with a {@link CancelledError} was not. */
    public final boolean isCancelled() {
        return state == CANCELLED;
    }

    /** Returns what has become of this future. Unlike {@link #result} and {@link #exception}, this marks no failure as retrieved. */
    public final State state() {
        return switch (state) {
            case FINISHED -> State.FINISHED;
            case FAILED -> State.FAILED;
            case CANCELLED -> State.CANCELLED;
            default -> State.PENDING;
        };
    }

    /** As {@link #cancel(String)} without a message. */
    public final boolean cancel() {
        return cancel(null);
    }

    /**
     * Cancels this future. Awaiting it then throws a {@link CancelledError} with {@code message}.
     *
     * @return false if this future is done; then nothing happens
     */
    public boolean cancel(@Nullable String message) {
        loop.core.requireThread();
        StackRoom.require();
        markRetrieved();
        if (isDone()) {
            return false;
        }
        finishCancelled(message);
        return true;
    }

    /**
     * Calls {@code callback} with this future in the iteration of the loop after the future becomes done; if it is done already, in the
     * next iteration. Callbacks run in the order in which they were added, each in a copy of the context in which it was added. If a
     * callback throws, the failure is reported to the loop's exception handler.
     */
    public final void addDoneCallback(Consumer<? super Future<T>> callback) {
        addDoneCallbackIn(Context.capture(), callback);
    }

    /** As {@link #addDoneCallback(Consumer)}. The callback runs in {@code context}. */
    public final void addDoneCallback(Consumer<? super Future<T>> callback, Context context) {
        addDoneCallbackIn(Objects.requireNonNull(context, "context"), callback);
    }

    private void addDoneCallbackIn(@Nullable Context context, Consumer<? super Future<T>> callback) {
        loop.core.requireThread();
        Object waiter = Waiters.DoneCallback.waiter(Objects.requireNonNull(callback, "callback"), context);
        if (!isDone()) {
            addWaiter(waiter);
        } else {
            loop.requireOpen();
            loop.ready.add(Waiters.DoneCallback.handle(waiter, this));
        }
    }

    /** Removes every callback that equals {@code callback}, and returns their number. */
    public final int removeDoneCallback(Consumer<? super Future<T>> callback) {
        loop.core.requireThread();
        return removeWaiters(Objects.requireNonNull(callback, "callback"));
    }

    /**
     * Completes this future with {@code result}.
     *
     * @throws InvalidStateException if this future is done
     */
    public void setResult(T result) {
        requirePending();
        finish(result);
    }

    /**
     * Makes this future fail. Awaiting it then throws {@code exception}.
     *
     * @throws InvalidStateException if this future is done
     */
    public void setException(Throwable exception) {
        Objects.requireNonNull(exception, "exception");
        requirePending();
        fail(exception);
    }

    private void requirePending() {
        loop.core.requireThread();
        if (isDone()) {
            throw new InvalidStateException((state == CANCELLED ? "CANCELLED: " : "FINISHED: ") + this);
        }
    }

    /** Returns the loop that this future belongs to. Thread-safe. */
    public final EventLoop loop() {
        return loop;
    }

    /**
     * Returns a new {@code CompletableFuture} with the outcome of this future, for other threads. It is completed on the loop's thread
     * after this future has become done. Cancelling either cancels the other. A failure counts as retrieved. If the loop is closed before
     * this future is done, the {@code CompletableFuture} fails with an {@code IllegalStateException}.
     */
    public final CompletableFuture<T> toCompletableFuture() {
        loop.checkThread();
        LoopStage<T> view = new LoopStage<>(loop);
        Outcomes.copy(this, view);
        return view;
    }

    // Text

    @Override
    public String toString() {
        return "<Future " + describeState() + ">";
    }

    /** Returns the state for the text of this future, or an ellipsis if that text is already being created. */
    final String describeState() {
        Set<Future<?>> described = DESCRIBED.get();
        if (!described.add(this)) {
            return "...";
        }
        try {
            return describeOutcome() + loop.creations.text(this);
        } finally {
            described.remove(this);
        }
    }

    private String describeOutcome() {
        if (!isDone()) {
            int waiters = content == null ? 0 : content instanceof Waiters several ? several.size() : 1;
            return waiters == 0 ? "pending" : "pending waiters=" + waiters;
        }
        return switch (state) {
            case FINISHED -> "finished result=" + Text.of(content);
            case CANCELLED -> "cancelled";
            default -> "finished exception=" + Text.of(failureSeen());
        };
    }

    /** Returns one of the constants above, or the state of a {@link Step} while there is no outcome. */
    final int outcome() {
        return state;
    }

    /** Does nothing, because plain futures are in no queue. */
    @Override
    protected void step() {}
}
