// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.frames;

import dev.heddle.woven.Driver;
import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspendable;
import dev.heddle.woven.Suspension;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the coroutines of one loop, and resumes their frames. A wake-up resumes the innermost frame of a task. When that frame returns, a loop in {@code
 * drive} resumes its caller. Nothing recurses, so the depth of the awaits costs neither stack nor time.
 */
public final class Chain extends Driver {

    /** The most frames at which {@link #awaiting} looks. The thread of the loop may change them meanwhile. */
    private static final int MOST_AWAITING = 10_000;

    /** The coroutines that the thread of this chain created while it was bound to it, and that have not started. */
    public final UnawaitedCoroutines unawaited = new UnawaitedCoroutines();

    /** The caller of the outermost frame, once the stack has unwound. */
    private @Nullable Frame<?> beyond;

    /** A failure that was delivered in the current step and whose trace is complete, or null. */
    private @Nullable Throwable delivered;

    /** How often a completed future has thrown its failure again, with another trace. */
    private int rethrown;

    /** Returns the frame with which the current step has begun, or null. */
    private final Supplier<? extends @Nullable Frame<?>> begun;

    /** Creates a chain without a loop, bound to no thread. */
    public Chain() {
        this(null, () -> null);
    }

    /**
     * Creates a chain of {@code loop}, bound to no thread.
     *
     * @param begun returns the frame that was resumed when the current step began; null if no step runs, or if the step started a coroutine. It is called on
     *     any thread
     */
    public Chain(@Nullable Object loop, Supplier<? extends @Nullable Frame<?>> begun) {
        super(loop);
        this.begun = begun;
    }

    /** Loads and initialises the classes that throw a failure into a frame. It may be thrown where the stack has just overflowed. */
    public static void load() {
        failed(new Throwable());
        LogicalTrace.load();
    }

    /** The chain of the loop that runs on this thread, or null if none runs. */
    static @Nullable Chain runningOrNull() {
        return (Chain) currentOrNull();
    }

    /** The chain of the loop that runs on this thread. */
    static Chain running() {
        return (Chain) current();
    }

    // Looking at frames

    /**
     * The methods that await the ones on the stack. Another thread may call this while the thread of this chain stands still. If it moves on, the result has no
     * meaning.
     */
    public List<StackTraceElement> awaiting() {
        Frame<?> resumed = resumed();
        return resumed == null ? List.of() : LogicalTrace.of(awaiting(resumed), MOST_AWAITING);
    }

    /**
     * The frame that was resumed last in the current step: the first that has not finished. If the resumed frame awaited itself, its caller is returned. Finished
     * frames keep their links until the end of the step.
     */
    @Nullable
    Frame<?> resumed() {
        Frame<?> frame = begun.get();
        for (int i = 0; i < MOST_AWAITING && frame != null && frame.state == Frame.FINISHED; i++) {
            frame = callerOf(frame);
        }
        return frame;
    }

    /** The frame that awaits the frame on the stack, if {@link #resumed} returned {@code frame}. */
    private static @Nullable Frame<?> awaiting(Frame<?> frame) {
        boolean awaitsResumed =
                transferOf(frame) instanceof Frame<?> resumed && resumed != frame && resumed.state != Frame.FINISHED;
        return awaitsResumed ? frame : callerOf(frame);
    }

    /** The frame that awaits {@code frame}, if the two are linked, otherwise null. */
    static @Nullable Frame<?> caller(Frame<?> frame) {
        return callerOf(frame);
    }

    /** The object that {@code frame} waits for if it is the innermost frame of a suspended coroutine, otherwise null. */
    public static @Nullable Object awaited(Frame<?> frame) {
        return transferOf(frame);
    }

    /** Lets {@code frame}, an innermost one, wait for {@code target} instead of the object that it waits for. */
    public static void redirect(Frame<?> frame, Object target) {
        setTransfer(frame, target);
    }

    /**
     * Links a frame that awaits itself, if {@code innermost} is its caller, and returns it; otherwise returns {@code innermost}. Called on the thread of the
     * loop, before any operation on a suspended coroutine but {@link #resumeAwaited}.
     */
    public static Frame<?> linked(Frame<?> innermost) {
        if (transferOf(innermost) instanceof Frame<?> callee && callee != innermost) {
            setCaller(callee, innermost);
            setTransfer(innermost, null);
            return callee;
        }
        return innermost;
    }

    /**
     * Returns {@code frame} to state {@link Frame#CREATED} if it has finished, so that it can stand for another call of the library.
     *
     * @return false, and nothing happens, if it has not finished, or if the step in which it did is not over
     */
    public static boolean renew(Frame<?> frame) {
        if (frame.state != Frame.FINISHED || callerOf(frame) != null) {
            return false;
        }
        frame.state = Frame.CREATED;
        return true;
    }

    // Traces

    @Override
    protected void caught(Throwable failure) {
        if (failure == delivered && failure.getSuppressed().length == 0) {
            return;
        }
        Frame<?> resumed = resumed();
        if (resumed == null) {
            LogicalTrace.complete(failure, null, null);
        } else {
            LogicalTrace.complete(failure, resumed.entry.method(), awaiting(resumed));
        }
    }

    @Override
    protected void threw(Frame<?> frame, Throwable failure) {
        LogicalTrace.raisedBy(frame.entry.method(), failure);
    }

    /** Called before a failure that was thrown before gets another trace. */
    void rethrowing() {
        rethrown++;
        delivered = null;
    }

    // Driving

    /**
     * Starts a coroutine. Its exceptions propagate.
     *
     * @return its result, or {@link Suspension#SUSPENDED}
     */
    public @Nullable Object start(Suspendable coroutine) {
        beyond = null;
        try {
            return begin(coroutine);
        } catch (Throwable failure) {
            LogicalTrace.complete(failure, null, null);
            throw failure;
        }
    }

    /**
     * Resumes {@code frame}, the innermost frame of a suspended coroutine: its await returns {@code value}. Exceptions of the coroutine propagate.
     *
     * @return the result of the whole coroutine, or {@link Suspension#SUSPENDED}
     */
    public @Nullable Object resume(Frame<?> frame, @Nullable Object value) {
        setTransfer(frame, value);
        return drive(frame, null);
    }

    /** Does the same as {@link #resume} for {@code frame}, which has awaited itself and is not linked to {@code caller}. */
    public @Nullable Object resumeAwaited(Frame<?> frame, Frame<?> caller) {
        Object outcome;
        setTransfer(frame, null);
        try {
            outcome = frame.entry.resume(frame);
        } catch (Throwable failure) {
            finish(frame);
            LogicalTrace.complete(failure, frame.entry.method(), caller);
            setTransfer(caller, failed(failure));
            return drive(caller, failure);
        }
        if (outcome != Suspension.SUSPENDED) {
            finish(frame);
            return resume(caller, outcome);
        }
        if (transferOf(frame) == frame) {
            resetUnwinding(frame);
        } else {
            setTransfer(caller, null);
            unwound(frame, caller);
        }
        return outcome;
    }

    /** Does the same as {@link #resume}, but the await throws {@code failure}. The awaiting methods are added to its trace. */
    public @Nullable Object fail(Frame<?> frame, Throwable failure) {
        LogicalTrace.extend(failure, frame);
        setTransfer(frame, failed(failure));
        return drive(frame, failure);
    }

    /**
     * The innermost frame of the coroutine that has just been suspended. Called once after each suspension.
     *
     * @param resumed the frame that was resumed, or null if {@link #start} started the coroutine
     */
    public Frame<?> innermostAfter(@Nullable Frame<?> resumed) {
        Frame<?> first = takeUnwound(beyond);
        if (first == null) {
            if (resumed == null) {
                throw new IllegalStateException("nothing is suspended");
            }
            return resumed;
        }
        beyond = null;
        return first;
    }

    /** Lets each await below a caller that failed to suspend throw, so that it stops waiting and cleans up. */
    public void failAbandoned() {
        Frame<?> frame = takeAbandoned();
        while (frame != null) {
            Frame<?> first = linked(frame);
            if (first.state != Frame.FINISHED) {
                try {
                    fail(first, new StackOverflowError("a method that awaited this could not be suspended"));
                } catch (Throwable failure) {
                    // Its caller has failed already, with the reason why it could not be suspended.
                }
            }
            dropUnwinding();
            beyond = null;
            frame = takeAbandoned();
        }
    }

    /** Records that {@code frame}, which {@code caller} awaits, has suspended again: above other frames, or as the innermost one. */
    private void unwound(Frame<?> frame, @Nullable Frame<?> caller) {
        if (transferOf(frame) != null) {
            unwindFrom(frame);
        }
        beyond = caller;
    }

    /** Runs the frames from {@code resumed} outwards. All of them are in the trace of {@code traced} already. */
    private @Nullable Object drive(Frame<?> resumed, @Nullable Throwable traced) {
        Throwable extended = traced;
        if (traced != null) {
            delivered = traced;
        }
        int rethrownBefore = rethrown;
        Frame<?> frame = resumed;
        while (true) {
            Frame<?> caller = callerOf(frame);
            Object outcome;
            try {
                outcome = frame.entry.resume(frame);
                if (outcome == Suspension.SUSPENDED) {
                    if (frame == resumed && transferOf(frame) != null) {
                        resetUnwinding(frame);
                    } else {
                        unwound(frame, caller);
                    }
                    end(resumed, frame, extended);
                    return outcome;
                }
                finish(frame);
                if (caller == null) {
                    end(resumed, frame, extended);
                    return outcome;
                }
            } catch (Throwable failure) {
                finish(frame);
                if (failure != extended || rethrown != rethrownBefore) {
                    LogicalTrace.complete(failure, frame.entry.method(), caller);
                    extended = failure;
                    rethrownBefore = rethrown;
                } else if (failure.getSuppressed().length > 0) { // a resource was closed after the await
                    LogicalTrace.completeRelated(failure, frame.entry.method(), caller);
                }
                if (caller == null) {
                    end(resumed, frame, extended);
                    throw failure;
                }
                delivered = failure;
                outcome = failed(failure);
            }
            setTransfer(caller, outcome);
            frame = caller;
        }
    }

    /** Ends a step that has driven the frames from {@code first} to {@code last}. The frames before the last one have finished: they lose their links. */
    private void end(Frame<?> first, Frame<?> last, @Nullable Throwable failure) {
        Frame<?> frame = first;
        while (frame != last && frame != null) {
            Frame<?> caller = callerOf(frame);
            setCaller(frame, null);
            frame = caller;
        }
        if (failure != null) {
            delivered = null;
        }
    }
}
