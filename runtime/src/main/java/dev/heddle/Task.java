// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.ParkingFrame;
import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.frames.Chain;
import dev.heddle.internal.frames.LogicalTrace;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.internal.loop.TimerHeap;
import dev.heddle.internal.report.Text;
import dev.heddle.internal.report.Throwables;
import dev.heddle.internal.report.UnretrievedFailures;
import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspension;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a coroutine in a loop, concurrently with other tasks. A task is a {@link Future} with the outcome of the coroutine. It begins in the
 * iteration after its creation, or immediately if it is eager, and then runs from one {@code await} that has to wait to the next. Create
 * tasks with {@link Asyncio#createTask} or in a {@link TaskGroup}. Corresponds to {@code asyncio.Task}.
 *
 * <p>Other threads may call {@link #name}, {@link #coroutine}, {@link #stack}, {@link #printStack} and {@link #cancelling}, and the methods
 * that {@link Future} permits them; nothing else.
 *
 * <p>The loop holds its tasks until they are done, so the program need not keep a reference to a task. The loop of asyncio does not.
 *
 * <p>A task is always in one of four states. It is <i>ready</i> if it is in the ready queue, to begin or to continue. It is <i>running</i>.
 * It is <i>waiting</i> if it has suspended; {@link #awaited} is its target, and that target, or the timers in case of a sleep, know this
 * task. Or it is <i>done</i>.
 *
 * @param <T> the type of the result
 */
public final class Task<T extends @Nullable Object> extends Future<T> {

    /** Properties that only some tasks have. They are kept separately, so that other tasks are smaller. */
    private static final class Details {

        /** Null if the name is derived from the task's number. */
        @Nullable
        String name;

        /** The context of the coroutine; null for an empty context that was never requested. */
        @Nullable
        Context context;

        /** The requests to cancel the task, null before the first. */
        @Nullable
        Cancellation cancellation;

        /** Returns whether the coroutine has to be cancelled now, and clears that request. */
        boolean takePendingCancellation() {
            return cancellation != null && cancellation.takePending();
        }
    }

    /** Replaces the target that a task awaited. The throwable is thrown into the coroutine when it continues. */
    private record Raise(Throwable failure) {}

    /**
     * Replaces the sleep or the frame that a task awaited when that wait is cancelled. The coroutine is cancelled when it continues.
     *
     * @param awaited the sleep or the frame
     * @param message the message of the cancellation of the wait; as in asyncio, it may differ from the message of the task
     */
    private record CancelledWait(Object awaited, @Nullable String message) {

        @Override
        public String toString() {
            return awaited.toString();
        }
    }

    /** The neighbours in the {@link TaskRegistry}. */
    @Nullable
    Task<?> previous;

    @Nullable
    Task<?> next;

    /** Whether only the library has a reference to this task, so that the loop may be closed while the task is pending. */
    boolean mayStayPending;

    /** Whether the coroutine, or an eager task inside it, is running. Its frames then do not show what it awaits. */
    private boolean running;

    private final Coroutine<T> coroutine;

    /**
     * The innermost frame, or the caller of a frame that awaits itself and is not linked. It knows what this task awaits. Null before the
     * coroutine has suspended for the first time, and when this task is done. While this task runs, the frame that was innermost when the
     * step began.
     */
    private @Nullable Frame<?> innermost;

    /** Null for a task with a default name and an empty context whose cancellation was never requested. */
    private @Nullable Details details;

    final long number;

    Task(EventLoop loop, Coroutine<T> coroutine, @Nullable String name, @Nullable Context context) {
        super(loop);
        this.coroutine = coroutine;
        this.number = loop.tasks.nextNumber();
        if (name != null || context != null) {
            Details own = details();
            own.name = name;
            own.context = context;
        }
    }

    /** Creates a copy of a task that is done. */
    private Task(EventLoop loop, Coroutine<T> coroutine, long number, @Nullable Details details) {
        super(loop);
        this.coroutine = coroutine;
        this.number = number;
        this.details = details;
    }

    /**
     * Creates a task that runs {@code coroutine} in {@code loop}, without calling the loop's factory. A {@link TaskFactory} calls this
     * method. Corresponds to {@code asyncio.Task(...)}.
     *
     * @throws IllegalStateException if another thread runs {@code loop}, or if it is closed; the coroutine then never runs
     */
    public static <T extends @Nullable Object> Task<T> of(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
        loop.maker.requireUsableFor(Objects.requireNonNull(coroutine, "coroutine"));
        return loop.maker.begin(
                coroutine, options.name(), options.context(), Boolean.TRUE.equals(options.eagerStart()));
    }

    // Running

    /**
     * Runs the coroutine until it has to wait or ends. Called by the loop after it has taken this task from its ready queue or made it the
     * eager task.
     *
     * <p>In the turn in which a sleep ends, this method only appends the task to the queue again. The number of turns is thus the same as
     * in asyncio, where a timer completes a future in one turn, and the future wakes the task for the next.
     */
    @Override
    protected void step() {
        if (state != NO_TIMER) {
            endSleep();
            return;
        }
        Object outcome;
        running = true;
        try {
            Details own = details;
            outcome = own == null ? advance(loop.chain) : advance(loop.chain, own);
        } catch (Throwable failure) {
            running = false;
            endByThrowing(failure);
            failAbandoned();
            return;
        }
        running = false;
        if (outcome == Suspension.SUSPENDED) {
            suspend();
        } else {
            endByReturning(outcome);
        }
        failAbandoned();
    }

    private void endSleep() {
        if (state == DUE) {
            loop.ready.add(this);
        }
        state = NO_TIMER;
    }

    /** Ends the sleep of this task early. Returns false if this task does not sleep or its sleep has already ended. */
    boolean cancelSleep() {
        if (TimerHeap.isWaiting(this)) {
            loop.timers.wake(this);
        } else if (state == DUE) {
            state = DUE_CANCELLED;
        } else {
            return false;
        }
        return true;
    }

    private void failAbandoned() {
        if (loop.chain.hasAbandoned()) {
            loop.chain.failAbandoned();
        }
    }

    /** As {@link #advance(Chain)}, with the states of the context, and for a task that may have to be cancelled. */
    private @Nullable Object advance(Chain chain, Details own) {
        Context entered = own.context;
        ThreadStates outer = entered == null ? null : entered.enterStates();
        try {
            return own.takePendingCancellation() ? advanceCancelled(chain, cancellation()) : advance(chain);
        } finally {
            if (entered != null) {
                entered.leaveStates(outer);
            }
        }
    }

    private @Nullable Object advance(Chain chain) {
        Frame<?> frame = innermost;
        if (frame == null) {
            return chain.start(coroutine);
        }
        Object from = Chain.awaited(frame);
        if (from instanceof Sleep<?> sleep) {
            return chain.resume(frame, sleep.value());
        }
        if (from instanceof Future<?> future) {
            return future.outcome() == FINISHED
                    ? chain.resume(frame, future.value())
                    : chain.fail(frame, future.raised());
        }
        if (from instanceof ParkingFrame<?> woken) {
            return woken == frame ? chain.resume(frame, null) : chain.resumeAwaited(woken, frame);
        }
        if (from instanceof CancelledWait cancelled) {
            return chain.fail(frame, new CancelledError(cancelled.message()));
        }
        return chain.fail(frame, ((Raise) Objects.requireNonNull(from)).failure());
    }

    /** Delivers the cancellation instead of the awaited outcome. That outcome is lost, unless it is itself a cancellation. */
    private @Nullable Object advanceCancelled(Chain chain, Cancellation request) {
        if (innermost == null) {
            coroutine.discard();
            throw new CancelledError(request.message());
        }
        Frame<?> frame = linked();
        Object from = Chain.awaited(frame);
        CancelledError error = null;
        if (from instanceof CancelledWait cancelled) {
            error = new CancelledError(cancelled.message());
        } else if (from instanceof Future<?> future && future.outcome() != FINISHED) {
            error = future.raised() instanceof CancelledError cancelled ? cancelled : null;
        }
        return chain.fail(frame, error == null ? new CancelledError(request.message()) : error);
    }

    private void suspend() {
        Frame<?> frame = loop.chain.innermostAfter(innermost);
        if (frame != innermost) {
            innermost = frame;
        }
        Object target = Chain.awaited(frame);
        if (target instanceof Sleep<?> sleep) {
            suspendIn(sleep);
        } else if (target instanceof Future<?> future) {
            suspendIn(future);
        } else if (target instanceof ParkingFrame<?> waiting) {
            suspendIn(waiting);
        } else {
            redirect(new Raise(new IllegalStateException("Task got bad await: " + target)));
        }
    }

    private void suspendIn(Sleep<?> sleep) {
        if (sleep.isYield()) {
            loop.ready.add(this);
        } else if (details != null && details.takePendingCancellation()) {
            leaveWait(sleep, cancellation().message());
        } else {
            loop.timers.sleep(this, sleep.deadline(loop.clock.nanos()));
        }
    }

    private void suspendIn(ParkingFrame<?> waiting) {
        loop.tasks.keep(this);
        waiting.enter(this, loop.core);
        if (details != null && details.takePendingCancellation()) {
            waiting.cancelWait();
            leaveWait(waiting, cancellation().message());
        }
    }

    /**
     * Returns the {@link Future}, {@link Sleep} or {@link ParkingFrame} that the coroutine awaits, or the {@link CancelledWait} or {@link
     * Raise} that has replaced it. Not null from the suspension until the task continues. Null while it runs, before it has begun and when
     * it is done.
     */
    @Nullable
    Object awaited() {
        Frame<?> frame = innermost;
        return frame == null || running ? null : Chain.awaited(frame);
    }

    /** Returns the frame that was innermost when the current step of {@code task} began. Null in its first step, or if it does not run. */
    static @Nullable Frame<?> begun(@Nullable Task<?> task) {
        return task != null && task.running ? task.innermost : null;
    }

    /** Returns the innermost frame, and links it to its caller even if it awaits itself. */
    private Frame<?> linked() {
        innermost = Chain.linked(Objects.requireNonNull(innermost, "innermost"));
        return innermost;
    }

    /** Replaces the awaited target with {@code target}, and continues. */
    private void redirect(Object target) {
        Chain.redirect(linked(), target);
        loop.ready.add(this);
    }

    /** Continues in the next turn with a cancellation, in place of {@code wait}, a sleep or a frame whose wait has ended. */
    void leaveWait(Object wait, @Nullable String message) {
        redirect(new CancelledWait(wait, message));
    }

    private void suspendIn(Future<?> future) {
        if (future.loop != loop) {
            redirect(new Raise(new IllegalStateException("Task " + this + " of " + loop + " awaits " + future
                    + ", which is attached to a different loop, " + future.loop
                    + "; await its toCompletableFuture(), which any loop can")));
        } else if (future == this) {
            redirect(new Raise(new IllegalStateException("Task cannot await on itself: " + this)));
        } else {
            loop.tasks.keep(this);
            future.addWaiter(this);
            Cancellation requests = cancellationOrNull();
            if (requests != null) {
                requests.passOn(future);
            }
        }
    }

    private void endByReturning(@Nullable Object result) {
        if (details != null && details.takePendingCancellation()) {
            finishCancelled(cancellation().message());
        } else {
            finish(result);
        }
    }

    private void endByThrowing(Throwable failure) {
        if (failure instanceof CancelledError) {
            finishCancelled(failure);
            return;
        }
        fail(failure);
        if (Throwables.leavesLoop(failure)) {
            throw Sneaky.thrown(failure);
        }
    }

    @Override
    void completed() {
        innermost = null;
        loop.tasks.done(this);
    }

    /** Replaces the coroutine of a task that was collected. It has ended, and has the text of the original. */
    private static final class EndedCoroutine extends Coroutine<Object> {

        private final String text;

        EndedCoroutine(String text) {
            this.text = text;
        }

        @Override
        protected @Nullable Object begin() {
            throw new IllegalStateException("cannot reuse already awaited coroutine: " + this
                    + "; call the method again, or await a Task of it, which may be awaited often");
        }

        @Override
        protected boolean discard() {
            return false;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The remains of a task. They do not keep the coroutine, as that may keep the task. */
    private record Ended(
            EventLoop loop, long number, @Nullable Details details, String coroutine)
            implements UnretrievedFailures.Remains {

        @Override
        public String kind() {
            return "Task";
        }

        @Override
        public Object revive(Throwable failure, @Nullable List<StackTraceElement> created) {
            return new Task<>(loop, new EndedCoroutine(coroutine), number, details).revived(failure, created);
        }
    }

    @Override
    UnretrievedFailures.Remains remains() {
        return new Ended(loop, number, details, Text.of(coroutine));
    }

    // Cancelling

    /**
     * Requests the cancellation of this task. In the next iteration of the loop, a {@link CancelledError} with {@code message} is thrown at
     * the {@code await} at which the coroutine is suspended. The awaited object is cancelled too; if it is a task, so is the object that it
     * awaits, and so on. A task that has not begun never runs. A running task is cancelled at its next {@code await} that has to wait.
     *
     * <p>The coroutine may catch the error and continue, and the task may still end with a result. {@link #isCancelled} is therefore true
     * only once the task has ended. Each call increments {@link #cancelling}.
     *
     * @return false if this task is done; then nothing happens
     */
    @Override
    public boolean cancel(@Nullable String message) {
        return cancel(message, null);
    }

    /** As {@link #cancel(String)}. If {@code waiting} is not null, it waits for this task in any case. */
    boolean cancel(@Nullable String message, @Nullable Task<?> waiting) {
        loop.core.requireThread();
        StackRoom.require();
        markRetrieved();
        if (isDone()) {
            return false;
        }
        CancelRequest.send(this, message, waiting);
        return true;
    }

    /** Whether {@code request} has been passed on to the object that this task awaits. */
    boolean isAskedBy(CancelRequest request) {
        Cancellation requests = cancellationOrNull();
        return requests != null && requests.present == request;
    }

    /** Whether the end of the run has cancelled this task. */
    boolean isEnding() {
        Cancellation requests = cancellationOrNull();
        return requests != null && requests.isLast();
    }

    private @Nullable Cancellation cancellationOrNull() {
        return details == null ? null : details.cancellation;
    }

    /** Returns the requests to cancel this task. */
    Cancellation cancellation() {
        Details own = details();
        Cancellation existing = own.cancellation;
        if (existing == null) {
            existing = new Cancellation();
            own.cancellation = existing;
        }
        return existing;
    }

    private Details details() {
        Details existing = details;
        if (existing == null) {
            existing = new Details();
            details = existing;
        }
        return existing;
    }

    /** Cancels this task although it waits for a task that waits for this one. CPython recurses until it fails. */
    void leaveCircle(@Nullable String message) {
        ((Future<?>) Objects.requireNonNull(awaited())).forget(this);
        redirect(new Raise(new CancelledError(message)));
    }

    /**
     * Returns the number of cancellation requests that were not withdrawn with {@link #uncancel}. Corresponds to {@code Task.cancelling}.
     */
    public int cancelling() {
        Cancellation requests = cancellationOrNull();
        return requests == null ? 0 : requests.requests();
    }

    /**
     * Whether a {@link CancelledError} is on its way to the coroutine: {@link #cancel} was called, and the error will be thrown when the coroutine continues or
     * next has to wait. False while the request is with the tasks that this one awaits, which may refuse it. CPython keeps part of this in {@code
     * Task._must_cancel}.
     */
    public boolean hasPendingCancellation() {
        loop.checkThread();
        Cancellation requests = cancellationOrNull();
        if (requests == null) {
            return false;
        }
        Object target = awaited();
        return requests.isPending()
                || target instanceof CancelledWait
                || (target instanceof Future<?> future && future.isCancelled());
    }

    /**
     * Withdraws one cancellation request, and returns how many remain. If none remains, a request that has not been delivered is dropped.
     * To be called by the code that called {@link #cancel}, once it has handled the error. Corresponds to {@code Task.uncancel}.
     */
    public int uncancel() {
        loop.checkThread();
        Cancellation requests = cancellationOrNull();
        return requests == null ? 0 : requests.takeBack();
    }

    @Override
    @Nullable
    String cancelMessage() {
        Cancellation requests = cancellationOrNull();
        return requests == null ? null : requests.message();
    }

    // The rest of the API

    /** Returns the name. The default is {@code Task-} and a number. */
    public String name() {
        String given = details == null ? null : details.name;
        return given == null ? "Task-" + number : given;
    }

    /** Changes the name. */
    public void setName(String name) {
        loop.checkThread();
        details().name = Objects.requireNonNull(name, "name");
    }

    /** Returns the coroutine that this task runs. */
    public Coroutine<T> coroutine() {
        return coroutine;
    }

    /** Returns the context in which the coroutine runs. */
    public Context context() {
        loop.checkThread();
        Details own = details();
        Context existing = own.context;
        if (existing == null) {
            existing = new Context();
            own.context = existing;
        }
        return existing;
    }

    /** As {@link #context}, but null for an empty context that was never requested. */
    @Nullable
    Context contextOrNull() {
        return details == null ? null : details.context;
    }

    /**
     * Returns the stack of the coroutine: the {@code await} of the innermost method, then all methods that await it. For the current task,
     * on the loop's thread, the stack begins with the caller of this method. For a failed task, it is the stack trace of the failure. In
     * all other cases it is empty: before the task has begun, while it runs, and when it is done. {@code asyncio.Task.get_stack} returns
     * only the outermost method.
     */
    public List<StackTraceElement> stack() {
        if (state == FAILED) {
            return List.of(failureSeen().getStackTrace());
        }
        boolean isCurrent = running && loop.core.isOnThread() && loop.current() == this;
        return isCurrent ? LogicalTrace.ofRunning() : awaited() == null ? List.of() : LogicalTrace.of(innermost);
    }

    /**
     * Writes {@link #stack} as a stack trace.
     *
     * @throws IOException if {@code target} throws it
     */
    public void printStack(Appendable target) throws IOException {
        List<StackTraceElement> elements = stack();
        String title = elements.isEmpty() ? "No stack for " : state == FAILED ? "Trace of " : "Stack of ";
        target.append(title).append(toString()).append(System.lineSeparator());
        target.append(Text.ofStack(elements));
    }

    /** Not supported: the coroutine determines the result. */
    @Override
    public void setResult(T result) {
        throw new IllegalStateException("Task does not support setResult: the coroutine gives the result of " + this);
    }

    /** Not supported: the coroutine determines the failure. */
    @Override
    public void setException(Throwable exception) {
        throw new IllegalStateException(
                "Task does not support setException: the coroutine gives the failure of " + this);
    }

    @Override
    public String toString() {
        String cancelling = cancelling() > 0 && !isDone() ? " cancelling" : "";
        Object target = awaited();
        String wait = target == null ? "" : " awaits=" + (target instanceof Task<?> task ? task.name() : target);
        return "<Task " + describeState() + cancelling + " name='" + name() + "' coro=" + coroutine + wait + ">";
    }
}
