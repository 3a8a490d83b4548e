package dev.heddle;

import dev.heddle.coroutines.ParkingFrame;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.internal.loop.TimerHeap;
import dev.heddle.woven.Chain;
import dev.heddle.woven.Frame;
import dev.heddle.woven.LogicalTrace;
import dev.heddle.woven.Suspension;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that a loop runs, Python's {@code asyncio.Task}: a {@link Future} whose result is that of the coroutine. It begins
 * in the turn of the loop after it was made, or if it is eager at once, and runs from one {@code await} that has to wait to the next.
 *
 * <p>Another thread may ask for the {@link #name}, the {@link #coroutine}, where it stands ({@link #stack}, {@link #printStack}) and for {@link
 * #cancelling}, beside what it may ask any {@link Future}; nothing else.
 *
 * <p>The loop holds its tasks until they are done, so a task need not be kept to go on; that of asyncio does not.
 *
 * <p>A task is at each moment one of these: <i>ready</i>, that is in the ready queue, to begin or to go on; <i>running</i>; <i>waiting</i>,
 * for what {@link #awaited} tells, which knows this, as the timers do if it is a sleep; or <i>done</i>.
 *
 * @param <T> the type of the result
 */
public final class Task<T extends @Nullable Object> extends Future<T> {

    /** The properties that only some tasks have. They are apart from the task itself, so that the others are smaller. */
    private static final class Details {

        /** Null for the name made of the task's number. */
        @Nullable
        String name;

        /** The context of the coroutine; null for an empty context that nobody has asked for. */
        @Nullable
        Context context;

        /** The requests to cancel the task, null before the first. */
        @Nullable
        Cancellation cancellation;

        /** Whether the coroutine is to be cancelled now; not any more after that. */
        boolean takePendingCancellation() {
            return cancellation != null && cancellation.takePending();
        }
    }

    /** In the place of what a task awaited: a throwable to be thrown into the coroutine when it goes on. */
    private record Raise(Throwable failure) {}

    /**
     * In the place of the sleep, or of the frame, that a task awaited until that wait was cancelled: the coroutine is cancelled when it goes on.
     *
     * @param awaited the sleep or the frame
     * @param message that of the cancellation, which is not that of the task, as in asyncio
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

    /** Whether nobody but the library has this, so that a loop may be closed while it is pending. */
    boolean mayStayPending;

    /** Whether the coroutine runs at this moment, or an eager task inside it. Its frames are no sign of what it awaits then. */
    private boolean running;

    private final Coroutine<T> coroutine;

    /**
     * The innermost frame, or the caller of one that awaits itself and is not linked; it knows what this awaits. Null before the coroutine has
     * suspended once and when this is done; while this runs the frame that was the innermost when it began to.
     */
    private @Nullable Frame<?> innermost;

    /** Null for a task with a name of the loop's, in the empty context, that nobody has asked to cancel itself. */
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

    /** Makes a copy of a task that is over. */
    private Task(EventLoop loop, Coroutine<T> coroutine, long number, @Nullable Details details) {
        super(loop);
        this.coroutine = coroutine;
        this.number = number;
        this.details = details;
    }

    /**
     * Makes a task of {@code coroutine} in {@code loop} without its factory, Python's {@code asyncio.Task(...)}: what a {@link
     * TaskFactory} calls.
     *
     * @throws IllegalStateException if another thread runs {@code loop}, or if it is closed: the coroutine never runs then
     */
    public static <T extends @Nullable Object> Task<T> of(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
        loop.maker.requireUsableFor(Objects.requireNonNull(coroutine, "coroutine"));
        return loop.maker.begin(
                coroutine, options.name(), options.context(), Boolean.TRUE.equals(options.eagerStart()));
    }

    // Running

    /**
     * Runs the coroutine from where it stands to where it has to wait, or to its end. Called by the loop that has taken this from its ready
     * queue, or made it the eager one.
     *
     * <p>In the turn in which the time of a sleep is over, this only enters the queue again. Turns thus pass as in asyncio, where a timer sets a
     * future in that turn and the future wakes the task for the next.
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
            outcome = advance(loop.chain);
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

    /** Ends the sleep of this before its time; false if this does not sleep, or has slept long enough. */
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

    private @Nullable Object advance(Chain chain) {
        if (details != null && details.takePendingCancellation()) {
            return advanceCancelled(chain, cancellation());
        }
        Frame<?> frame = innermost;
        if (frame == null) {
            return chain.start(coroutine);
        }
        Object from = Chain.awaited(frame);
        if (from instanceof Sleep<?> sleep) {
            return chain.resume(frame, sleep.value());
        }
        if (from instanceof Future<?> future) {
            return future.state() == FINISHED
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

    /** Delivers the cancellation instead of what was awaited, which is lost unless it is itself a cancellation. */
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
        } else if (from instanceof Future<?> future && future.state() != FINISHED) {
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
     * While this is waiting, and after that until it goes on: the {@link Future}, {@link Sleep} or {@link ParkingFrame} at which the coroutine stands,
     * a {@link CancelledWait} or a {@link Raise}. Null while this runs, before it has begun and when it is done.
     */
    @Nullable
    Object awaited() {
        Frame<?> frame = innermost;
        return frame == null || running ? null : Chain.awaited(frame);
    }

    /** The frame that was the innermost when the step of {@code task} began; null if none runs, or the first does. */
    static @Nullable Frame<?> begun(@Nullable Task<?> task) {
        return task != null && task.running ? task.innermost : null;
    }

    /** The innermost frame, which is linked to its caller after this even if it awaits itself. */
    private Frame<?> linked() {
        innermost = Chain.linked(Objects.requireNonNull(innermost, "innermost"));
        return innermost;
    }

    /** Goes on with {@code target} in the place of what is awaited. */
    private void redirect(Object target) {
        Chain.redirect(linked(), target);
        loop.ready.add(this);
    }

    /** Goes on in the next turn, to be cancelled where it awaits {@code wait}, a sleep or a frame, which is over. */
    void leaveWait(Object wait, @Nullable String message) {
        redirect(new CancelledWait(wait, message));
    }

    private void suspendIn(Future<?> future) {
        if (future.loop != loop) {
            redirect(new Raise(new IllegalStateException("Task " + this + " of " + loop + " awaits " + future
                    + ", which is attached to a different loop, " + future.loop)));
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
            throw Throwables.<RuntimeException>sneaky(failure);
        }
    }

    @Override
    void completed() {
        innermost = null;
        loop.tasks.done(this);
    }

    /** The remains of a failed task that may be collected before it is reported. They do not keep the coroutine, which may keep the task. */
    record Remains(long number, @Nullable Details details, String coroutine) {

        /** A task that looks like the one that was. */
        Task<?> revived(EventLoop loop) {
            return new Task<>(loop, new EndedCoroutine(coroutine), number, details);
        }
    }

    Remains remains() {
        return new Remains(number, details, Text.of(coroutine));
    }

    // Cancelling

    /**
     * Asks this to cancel itself: a {@link CancelledError} with {@code message} is thrown at the {@code await} at which the coroutine
     * stands, in the next turn of the loop. What it waits for is cancelled too, a task with what that one waits for, and so on.
     * A task that has not begun never runs. One that is running is cancelled at its next {@code await} that has to wait.
     *
     * <p>The coroutine may catch the error and go on, so that this may end with a result after all; {@link #isCancelled} tells only
     * when it has ended. Each call adds to {@link #cancelling}.
     *
     * @return false, and nothing happens, if this is done
     */
    @Override
    public boolean cancel(@Nullable String message) {
        return cancel(message, null);
    }

    /** As {@link #cancel(String)}; {@code waiting}, if it is not null, waits for this whatever happens. */
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

    /** Whether {@code request} is with what this waits for. */
    boolean isAskedBy(CancelRequest request) {
        Cancellation requests = cancellationOrNull();
        return requests != null && requests.present == request;
    }

    /** Whether the end of the run has cancelled this. */
    boolean isEnding() {
        Cancellation requests = cancellationOrNull();
        return requests != null && requests.isLast();
    }

    private @Nullable Cancellation cancellationOrNull() {
        return details == null ? null : details.cancellation;
    }

    /** The requests to cancel this. */
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

    /** Cancels this although it waits for a task that waits for this. CPython recurses until it fails. */
    void leaveCircle(@Nullable String message) {
        ((Future<?>) Objects.requireNonNull(awaited())).forget(this);
        redirect(new Raise(new CancelledError(message)));
    }

    /** How many requests to cancel this were made and not taken back, Python's {@code Task.cancelling()}. */
    public int cancelling() {
        Cancellation requests = cancellationOrNull();
        return requests == null ? 0 : requests.requests();
    }

    /**
     * Takes one request to cancel this back, and returns how many remain; with the last, a request that has not been delivered is
     * dropped. To be called by the party that has called {@link #cancel} and has dealt with the error.
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

    /** The name, {@code Task-} and a number if none was given. */
    public String name() {
        String given = details == null ? null : details.name;
        return given == null ? "Task-" + number : given;
    }

    /** Changes the name. */
    public void setName(String name) {
        loop.checkThread();
        details().name = Objects.requireNonNull(name, "name");
    }

    /** The coroutine this runs. */
    public Coroutine<T> coroutine() {
        return coroutine;
    }

    /** The context in which the coroutine runs. */
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

    /** As {@link #context}, but null for an empty context that nobody has asked for. */
    @Nullable
    Context contextOrNull() {
        return details == null ? null : details.context;
    }

    /**
     * Where the coroutine stands: the {@code await} of the innermost method, then all that await it. For the current task, on the loop's thread,
     * it begins with the method that asks; for a failed one it is the trace of the failure. It is empty otherwise: before the task has begun, while it
     * runs otherwise, and at its end. Python's {@code asyncio.Task.get_stack} gives the outermost method only.
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
     * @throws IOException as {@code target} does
     */
    public void printStack(Appendable target) throws IOException {
        List<StackTraceElement> elements = stack();
        String title = elements.isEmpty() ? "No stack for " : state == FAILED ? "Trace of " : "Stack of ";
        target.append(title).append(toString()).append(System.lineSeparator());
        target.append(TaskStack.text(elements));
    }

    /** Not supported: the coroutine gives the result. */
    @Override
    public void setResult(T result) {
        throw new IllegalStateException("Task does not support setResult: the coroutine gives the result of " + this);
    }

    /** Not supported: the coroutine gives the failure. */
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
