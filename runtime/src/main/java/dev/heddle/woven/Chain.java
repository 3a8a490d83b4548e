package dev.heddle.woven;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives the frames of one loop. A wake-up resumes the innermost frame of a task; when that returns, its caller is resumed
 * by the loop in {@code drive}, never by recursion, so the depth of the awaits costs neither stack nor time.
 *
 * <p>A chain is bound to the thread that runs its loop, from {@link #enter} to {@link #exit}, and used by that thread only.
 */
public final class Chain {

    private static final ThreadLocal<@Nullable Chain> CURRENT = new ThreadLocal<>();

    /**
     * Chains that are bound, each in the place of its thread, unless that of another thread has come there since: looking here takes less time than
     * in the map of a thread. Read and written in no order: a chain counts only for the thread that it names, and no other thread makes it name that.
     */
    private static final @Nullable Chain[] RECENT = new @Nullable Chain[64];

    /** How many frames {@link #awaiting} looks at, which may change meanwhile. */
    private static final int MOST_AWAITING = 10_000;

    /** The coroutines that were made while this was bound to a thread, and have not been started. */
    public final UnawaitedCoroutines unawaited = new UnawaitedCoroutines();

    /**
     * The innermost frame, or the caller of one that awaits itself, from when a stack begins to unwind until somebody asks for it. After that of no
     * meaning.
     */
    private @Nullable Frame<?> innermost;

    /** The outermost frame linked so far, null if that is the innermost: most stacks have one frame, and a store costs a collector's barrier. */
    private @Nullable Frame<?> outermost;

    /**
     * The innermost frame of what was suspended when a caller of it failed to suspend: that failed, and nobody is going to resume this. Mostly null.
     */
    private @Nullable Frame<?> abandoned;

    /** The caller of the outermost frame once the stack has unwound. */
    private @Nullable Frame<?> beyond;

    /** A failure that was delivered in the step that runs, whose trace is complete; null if there is none. */
    private @Nullable Throwable delivered;

    /** How often a done future has thrown its failure again, with another trace. */
    private int rethrown;

    /** The loop whose frames these are, null for none. */
    public final @Nullable Object loop;

    /** The thread this is bound to, null for none. */
    private @Nullable Thread thread;

    /** Gives the frame with which the step that runs has begun, null for none. */
    private final Supplier<? extends @Nullable Frame<?>> begun;

    /** While a long body suspends: the number of its await. After that of no meaning. */
    private int suspendingAt;

    /** While a long body suspends: what did not finish at its await, null for a body that it has called directly. */
    private @Nullable Object suspendingFor;

    /** A chain without a loop, bound to no thread. */
    public Chain() {
        this(null, () -> null);
    }

    /**
     * A chain of {@code loop}, bound to no thread.
     *
     * @param begun gives the frame that was resumed when the step that runs began; null if no step runs, or if it started a coroutine.
     *     Called on any thread
     */
    public Chain(@Nullable Object loop, Supplier<? extends @Nullable Frame<?>> begun) {
        this.loop = loop;
        this.begun = begun;
    }

    /** The chain of the loop that runs on this thread, or null. */
    public static @Nullable Chain currentOrNull() {
        Thread caller = Thread.currentThread();
        Chain recent = RECENT[place(caller)];
        return recent != null && recent.thread == caller ? recent : CURRENT.get();
    }

    private static int place(Thread thread) {
        return (int) thread.getId() & (RECENT.length - 1);
    }

    /** The chain of the loop that runs on this thread. */
    static Chain current() {
        Chain chain = currentOrNull();
        if (chain == null) {
            throw new IllegalStateException(
                    "no running event loop on thread " + Thread.currentThread().getName()
                            + "; coroutines run in Asyncio.run or EventLoop.runUntilComplete");
        }
        return chain;
    }

    /** Binds this chain to the calling thread. */
    public void enter() {
        Thread caller = Thread.currentThread();
        thread = caller;
        CURRENT.set(this);
        RECENT[place(caller)] = this;
    }

    /** Undoes {@link #enter}. */
    public void exit() {
        int place = place(Thread.currentThread());
        if (RECENT[place] == this) {
            RECENT[place] = null;
        }
        CURRENT.remove();
        thread = null;
    }

    /** Whether another thread runs the loop. Called on any thread: one that has just come to run it may not be seen yet by another. */
    public boolean isOnOtherThread() {
        Thread running = thread;
        return running != null && running != Thread.currentThread();
    }

    /**
     * The methods that await those on the stack. May be called on another thread while the one of this chain does not move on; if it does, the
     * answer has no meaning.
     */
    public List<StackTraceElement> awaiting() {
        Frame<?> running = running();
        return running == null ? List.of() : LogicalTrace.of(awaiting(running), MOST_AWAITING);
    }

    /**
     * The frame that was resumed last in the step that runs, or the caller of one that awaited itself, which is resumed: the first that has not
     * finished. Those that have keep their links until the step is over.
     */
    private @Nullable Frame<?> running() {
        Frame<?> frame = begun.get();
        for (int i = 0; i < MOST_AWAITING && frame != null && frame.state == Frame.FINISHED; i++) {
            frame = frame.caller;
        }
        return frame;
    }

    /** The frame that awaits what {@link #running} gave. */
    private static @Nullable Frame<?> awaiting(Frame<?> running) {
        boolean awaitsResumed =
                running.transfer instanceof Frame<?> resumed && resumed != running && resumed.state != Frame.FINISHED;
        return awaitsResumed ? running : running.caller;
    }

    /** Completes the trace of {@code failure}, which a woven method has caught, in case somebody looks at it there. */
    void caught(Throwable failure) {
        if (failure == delivered && failure.getSuppressed().length == 0) {
            return;
        }
        Frame<?> running = running();
        if (running == null) {
            LogicalTrace.complete(failure, null, null);
        } else {
            LogicalTrace.complete(failure, running.entry.method(), awaiting(running));
        }
    }

    void innermost(Frame<?> frame) {
        nothingUnwound(frame);
        innermost = frame;
        outermost = null;
    }

    /** Remembers where a long body suspends, and at what, until its frame does. */
    void suspending(int number, @Nullable Object awaited) {
        suspendingAt = number;
        suspendingFor = awaited;
    }

    int suspendingAt() {
        return suspendingAt;
    }

    @Nullable
    Object takeSuspendingFor() {
        Object awaited = suspendingFor;
        suspendingFor = null;
        return awaited;
    }

    /** To be called before a failure that was thrown before gets another trace. */
    void rethrowing() {
        rethrown++;
        delivered = null;
    }

    /**
     * Says that {@code caller} awaits the outermost frame that has suspended. One that awaits itself is not linked: it is what its caller waits
     * for, and the caller counts as the innermost until {@link #linked} is called. Mostly it never is, as {@link #resumeAwaited} does without.
     */
    void above(Frame<?> caller) {
        Frame<?> callee = outermost == null ? innermost : outermost;
        if (callee == null) {
            throw new IllegalStateException("nothing is suspended below " + caller);
        }
        if (callee.transfer == callee) {
            caller.transfer = callee;
            innermost = caller;
        } else {
            callee.caller = caller;
            outermost = caller;
        }
    }

    /**
     * Links the frame that awaits itself, if {@code innermost} is its caller, and gives it; gives {@code innermost} if not. Called on the thread of the
     * loop, before anything but {@link #resumeAwaited} is done to a suspended coroutine.
     */
    public static Frame<?> linked(Frame<?> innermost) {
        if (innermost.transfer instanceof Frame<?> callee && callee != innermost) {
            callee.caller = innermost;
            innermost.transfer = null;
            return callee;
        }
        return innermost;
    }

    /**
     * Starts a coroutine.
     *
     * @return its result, or {@link Suspension#SUSPENDED}; it throws what the coroutine throws
     */
    public @Nullable Object start(Suspendable coroutine) {
        beyond = null;
        try {
            return coroutine.begin();
        } catch (Throwable failure) {
            LogicalTrace.complete(failure, null, null);
            throw failure;
        }
    }

    /**
     * Resumes {@code frame}, the innermost of a suspended coroutine: its await returns {@code value}.
     *
     * @return the result of the whole coroutine, or {@link Suspension#SUSPENDED}; it throws what the coroutine throws
     */
    public @Nullable Object resume(Frame<?> frame, @Nullable Object value) {
        frame.transfer = value;
        return drive(frame, null);
    }

    /** As {@link #resume} of {@code frame}, which has awaited itself and is not linked to {@code caller}. */
    public @Nullable Object resumeAwaited(Frame<?> frame, Frame<?> caller) {
        Object outcome;
        frame.transfer = null;
        try {
            outcome = frame.entry.resume(frame);
        } catch (Throwable failure) {
            frame.finish();
            LogicalTrace.complete(failure, frame.entry.method(), caller);
            caller.transfer = new Failure(failure);
            return drive(caller, failure);
        }
        if (outcome != Suspension.SUSPENDED) {
            frame.finish();
            return resume(caller, outcome);
        }
        if (frame.transfer == frame) {
            nothingUnwound(frame);
        } else {
            caller.transfer = null;
            unwound(frame, caller);
        }
        return outcome;
    }

    /** As {@link #resume}, but the await throws {@code failure}, its trace extended by the awaiting methods. */
    public @Nullable Object fail(Frame<?> frame, Throwable failure) {
        LogicalTrace.extend(failure, frame);
        frame.transfer = new Failure(failure);
        return drive(frame, failure);
    }

    /**
     * The innermost frame of the coroutine that has just been suspended, in {@link #start} if {@code resumed} is null, otherwise when that frame
     * was resumed. To be called once.
     */
    public Frame<?> innermostAfter(@Nullable Frame<?> resumed) {
        Frame<?> first = innermost;
        if (first == null) {
            if (resumed == null) {
                throw new IllegalStateException("nothing is suspended");
            }
            return resumed;
        }
        Frame<?> last = outermost == null ? first : outermost;
        if (last.caller != beyond) {
            last.caller = beyond;
        }
        innermost = null;
        outermost = null;
        beyond = null;
        return first;
    }

    /** The thing that {@code frame} waits for if it is the innermost one of a suspended coroutine, otherwise null. */
    public static @Nullable Object awaited(Frame<?> frame) {
        return frame.transfer;
    }

    /** Lets {@code frame}, an innermost one, wait for {@code target} in the place of what it waits for. */
    public static void redirect(Frame<?> frame, Object target) {
        frame.transfer = target;
    }

    /** Keeps what is left of a stack that has failed to unwind, which is not {@code present}. */
    private void nothingUnwound(@Nullable Frame<?> present) {
        Frame<?> first = innermost;
        if (first != null) {
            if (first != present) {
                (outermost == null ? first : outermost).caller = abandoned;
                abandoned = first;
            }
            innermost = null;
            outermost = null;
        }
    }

    /** Whether {@link #failAbandoned} has something to do. Asked when a step of a task has ended. */
    public boolean hasAbandoned() {
        return innermost != null || abandoned != null;
    }

    /** Lets each await fail that was suspended below a caller that failed to suspend, so that it leaves where it waits and cleans up. */
    public void failAbandoned() {
        nothingUnwound(null);
        Frame<?> frame = abandoned;
        while (frame != null) {
            Frame<?> first = linked(frame);
            abandoned = null;
            if (first.state != Frame.FINISHED) {
                try {
                    fail(first, new StackOverflowError("a method that awaited this could not be suspended"));
                } catch (Throwable failure) {
                    // Its caller has failed before, with what kept it from suspending.
                }
            }
            innermost = null;
            outermost = null;
            beyond = null;
            frame = abandoned;
        }
    }

    /** Takes note that {@code frame}, which {@code caller} awaits, has suspended again: below others, or as the innermost one. */
    private void unwound(Frame<?> frame, @Nullable Frame<?> caller) {
        if (frame.transfer != null) {
            innermost(frame);
        }
        beyond = caller;
    }

    /** Runs the frames from {@code resumed} outwards. The trace of {@code traced} has all of them already. */
    private @Nullable Object drive(Frame<?> resumed, @Nullable Throwable traced) {
        Throwable extended = traced;
        if (traced != null) {
            delivered = traced;
        }
        int rethrownBefore = rethrown;
        Frame<?> frame = resumed;
        while (true) {
            Frame<?> caller = frame.caller;
            Object outcome;
            try {
                outcome = frame.entry.resume(frame);
                if (outcome == Suspension.SUSPENDED) {
                    if (frame == resumed && frame.transfer != null) {
                        nothingUnwound(frame);
                    } else {
                        unwound(frame, caller);
                    }
                    end(resumed, frame, extended);
                    return outcome;
                }
                frame.finish();
                if (caller == null) {
                    end(resumed, frame, extended);
                    return outcome;
                }
            } catch (Throwable failure) {
                frame.finish();
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
                outcome = new Failure(failure);
            }
            caller.transfer = outcome;
            frame = caller;
        }
    }

    /** Ends a step that has driven the frames from {@code first} to {@code last}: takes the links out of those before the last, which have finished. */
    private void end(Frame<?> first, Frame<?> last, @Nullable Throwable failure) {
        Frame<?> frame = first;
        while (frame != last && frame != null) {
            Frame<?> caller = frame.caller;
            frame.caller = null;
            frame = caller;
        }
        if (failure != null) {
            delivered = null;
        }
    }
}
