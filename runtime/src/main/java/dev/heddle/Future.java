package dev.heddle;

import dev.heddle.coroutines.LoopStage;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.internal.loop.Step;
import dev.heddle.woven.LogicalTrace;
import dev.heddle.woven.Suspension;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that is not known yet, Python's {@code asyncio.Future}. It is pending until it gets a result or a failure or is
 * cancelled, once; awaiting it waits for that.
 *
 * <p>A future belongs to one {@link EventLoop} and is used on that loop's thread only, or on one thread while the loop does not
 * run. Another thread may ask {@link #isDone}, {@link #isCancelled} and {@link #loop}, and see an older state; everything else throws an {@code
 * IllegalStateException} there while the loop runs.
 * Another loop or thread has {@link #toCompletableFuture} instead. Whatever waits for it goes on in the next turn of the loop, never inside the call that completes it.
 *
 * <p>A failure that is neither awaited nor asked for is reported to the loop's exception handler, see {@link
 * EventLoop#setExceptionHandler}.
 *
 * @param <T> the type of the result
 */
public sealed class Future<T extends @Nullable Object> extends Step implements Awaitable<T>
        permits Task, GatherFuture, GroupFuture, ExternalFuture {

    /** {@link #state} with a result. Final. As long as there is no outcome, the state is that of a {@link Step}. */
    static final int FINISHED = DUE_CANCELLED - 1;

    /** {@link #state} with a failure, which may be a {@link CancelledError} as any other throwable. Final. */
    static final int FAILED = FINISHED - 1;

    /** {@link #state} after a cancellation. Final. */
    static final int CANCELLED = FAILED - 1;

    /** The futures whose texts this thread is making, as a future may be in its own result. */
    private static final ThreadLocal<Set<Future<?>>> DESCRIBED =
            ThreadLocal.withInitial(() -> Collections.newSetFromMap(new IdentityHashMap<>()));

    /** A failure that was thrown at an await, with the trace it had before. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Raised(Throwable failure, StackTraceElement[] trace) {}

    final EventLoop loop;

    /**
     * The data of the state. Pending: the waiters, that is null, a {@link Task}, a {@code Consumer}, a {@link
     * Waiters.DoneCallback} or {@link Waiters}. Finished: the result.
     * Failed: the throwable, while nobody has looked at it an {@link UnretrievedFailures.Entry}, after somebody has awaited it a {@link
     * Raised}. Cancelled: the error to throw first, or
     * the message of those to be made, or null.
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
        throw Throwables.<RuntimeException>sneaky(failure);
    }

    /** Adds a task, or a callback, to those who wait. This has to be pending. */
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

    /** Whether {@code waiter} was the last to be added. This has to be pending. */
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

    /** Lets {@code task} wait for this no more. */
    final void forget(Task<?> task) {
        removeWaiters(task);
    }

    /** Tells those of the waiters who have to know that this never completes. */
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

    /** The result. This has to be finished. */
    final @Nullable Object value() {
        return content;
    }

    /**
     * The throwable for an await of this, which has failed or was cancelled; to ask counts as looking at the failure. A failure has the same
     * trace each time, the one it had first, and the methods that await it are added to that.
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

    /** The failure, which does not count as looking at it. This has to be failed. */
    final Throwable failureSeen() {
        if (content instanceof UnretrievedFailures.Entry entry) {
            return entry.failure;
        }
        return content instanceof Raised raised ? raised.failure : (Throwable) Objects.requireNonNull(content);
    }

    /** The failure, which counts as looking at it. */
    private Throwable failure() {
        markRetrieved();
        return failureSeen();
    }

    /** The error of a cancellation: the original one the first time, then new ones with the message if that is known. */
    private CancelledError cancellation() {
        if (content instanceof CancelledError original) {
            content = null;
            return original;
        }
        return new CancelledError((String) content);
    }

    /** Remembers that somebody has looked at the failure, if there is one. */
    final void markRetrieved() {
        if (state == FAILED && content instanceof UnretrievedFailures.Entry entry) {
            loop.unretrieved.remove(entry);
            content = entry.failure;
        }
    }

    /** Says that somebody waits for this and for more, and is going to look at the failure then. */
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
            UnretrievedFailures.Entry entry = loop.unretrieved.entry(this, failure);
            done(FAILED, entry);
            loop.unretrieved.add(entry);
        }
    }

    /** Makes this a copy of a future that has failed, and has nothing to tell anybody. */
    final void becomeFailed(Throwable failure) {
        state = FAILED;
        content = failure;
    }

    /** Ends cancelled, with a {@link CancelledError} or a message or neither. */
    final void finishCancelled(@Nullable Object cause) {
        done(CANCELLED, cause);
    }

    /** Wakes who waits, which may fail, and only then becomes done: by stores, which cannot. */
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

    /** Puts the waiters, which are not one task, on the queue of what runs next: all of them, or if it throws none. */
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

    /** The message of a request to cancel this that could not be passed on, or null. */
    @Nullable
    String cancelMessage() {
        return null;
    }

    /** Called when this has become done, before anybody who was woken runs. */
    void completed() {}

    // The API

    /**
     * The result, at once: this never blocks.
     *
     * @throws InvalidStateException while this is pending
     * @throws CancelledError if this was cancelled; any other throwable if this has failed with it, checked ones too
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // what is set is a T, null where that is one
    public final T result() {
        loop.checkThread();
        if (!isDone()) {
            throw new InvalidStateException("Result is not ready.");
        }
        if (state != FINISHED) {
            throw Throwables.<RuntimeException>sneaky(raised());
        }
        return (T) content;
    }

    /**
     * The failure, or null if there is a result.
     *
     * @throws InvalidStateException while this is pending
     * @throws CancelledError if this was cancelled
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

    /** Whether this has a result, has failed or was cancelled. */
    public final boolean isDone() {
        return state <= FINISHED;
    }

    /** Whether this was cancelled. A future that failed with a {@link CancelledError} was not. */
    public final boolean isCancelled() {
        return state == CANCELLED;
    }

    /** As {@link #cancel(String)} without a message. */
    public final boolean cancel() {
        return cancel(null);
    }

    /**
     * Cancels this, so that awaiting it throws a {@link CancelledError} with {@code message}.
     *
     * @return false, and nothing happens, if this is done
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
     * Calls {@code callback} with this in the turn of the loop after this has become done; if this is done, in the next one.
     * Callbacks run in the order in which they were added, each in a copy of the context in which that was done. One that throws is
     * reported to the loop's exception handler.
     */
    public final void addDoneCallback(Consumer<? super Future<T>> callback) {
        addDoneCallbackIn(Context.capture(), callback);
    }

    /** As {@link #addDoneCallback(Consumer)}; the callback runs in {@code context}. */
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

    /** Takes back every callback that equals {@code callback}, and returns how many they were. */
    public final int removeDoneCallback(Consumer<? super Future<T>> callback) {
        loop.core.requireThread();
        return removeWaiters(Objects.requireNonNull(callback, "callback"));
    }

    /**
     * Gives this its result.
     *
     * @throws InvalidStateException if this is done
     */
    public void setResult(T result) {
        requirePending();
        finish(result);
    }

    /**
     * Lets this fail, so that awaiting it throws {@code exception}.
     *
     * @throws InvalidStateException if this is done
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

    /** The loop this belongs to. Called on any thread. */
    public final EventLoop loop() {
        return loop;
    }

    /**
     * A new {@code CompletableFuture} for other threads, which is completed on the loop's thread after this has become done.
     * Cancelling it cancels this; a cancelled future cancels it. A failure is thereby handed over: it is not reported as never
     * retrieved. If the loop is closed before this is done, it fails with an {@code IllegalStateException}.
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

    /** The state as a part of the text of this, an ellipsis if that text is being made already. */
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

    /** One of the constants above, or the state of a {@link Step} as long as there is no outcome. */
    final int state() {
        return state;
    }

    /** Does nothing, as plain futures are in no queue. */
    @Override
    protected void step() {}
}
