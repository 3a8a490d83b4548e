// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * Drives the coroutines of one loop: the part of the runtime that a body uses while it suspends. The frames of a stack that unwinds register here, the
 * innermost first, and are linked to each other. The runtime's subclass resumes them.
 *
 * <p>A driver is bound to the thread that runs its loop, from {@link #enter} to {@link #exit}. Only that thread may use it.
 *
 * <p>The protected static methods are the only access to the links of a frame from outside this package. They are for the runtime.
 */
public abstract class Driver {

    private static final ThreadLocal<@Nullable Driver> CURRENT = new ThreadLocal<>();

    /**
     * A cache in front of {@link #CURRENT}, which takes longer to read. Each bound driver is in the slot of its thread, unless another thread with the same
     * slot has bound a driver since.
     *
     * <p>The slots are read and written without ordering. A thread uses an entry only if it names that thread, and no other thread makes an entry do so.
     */
    private static final @Nullable Driver[] RECENT = new @Nullable Driver[64];

    /** The loop whose coroutines this drives, or null. */
    public final @Nullable Object loop;

    /** The thread to which this is bound, or null. */
    private @Nullable Thread thread;

    /**
     * The innermost frame of the stack that unwinds; if that frame awaits itself, its caller. It is valid from the first frame that suspends until {@link
     * #takeUnwound} or {@link #resetUnwinding} is called.
     */
    private @Nullable Frame<?> innermost;

    /**
     * The outermost frame linked so far, or null while that is {@link #innermost}. Most stacks have one frame, and a store of a reference costs a write
     * barrier.
     */
    private @Nullable Frame<?> outermost;

    /**
     * The innermost frame of a stack that was abandoned, because one of its callers failed to suspend. Nothing will resume this frame. Several abandoned
     * stacks are linked to each other. Usually null.
     */
    private @Nullable Frame<?> abandoned;

    /** While a long body suspends, the number of its await. Otherwise stale. */
    private int suspendingAt;

    /** While a long body suspends, the awaited object that did not finish; null for a body that it called directly. Otherwise stale. */
    private @Nullable Object suspendingFor;

    /**
     * Creates a driver that is bound to no thread.
     *
     * @param loop the loop whose coroutines this drives, or null
     */
    protected Driver(@Nullable Object loop) {
        this.loop = loop;
    }

    // Binding

    /** Returns the driver of the loop that runs on this thread, or null if none runs. */
    public static @Nullable Driver currentOrNull() {
        Thread caller = Thread.currentThread();
        Driver recent = RECENT[slot(caller)];
        return recent != null && recent.thread == caller ? recent : CURRENT.get();
    }

    private static int slot(Thread thread) {
        return (int) thread.getId() & (RECENT.length - 1);
    }

    /**
     * Returns the driver of the loop that runs on this thread.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public static Driver current() {
        Driver driver = currentOrNull();
        if (driver == null) {
            throw new IllegalStateException("no running event loop on thread " + nameOfThread()
                    + "; coroutines run in Asyncio.run or EventLoop.runUntilComplete");
        }
        return driver;
    }

    /** Returns the name of the calling thread, for messages. Most virtual threads have none, so that they are told by their number. */
    public static String nameOfThread() {
        Thread caller = Thread.currentThread();
        String name = caller.getName();
        return name.isEmpty() ? "#" + caller.getId() + " (unnamed)" : name;
    }

    /** Binds this to the calling thread. */
    public final void enter() {
        Thread caller = Thread.currentThread();
        thread = caller;
        CURRENT.set(this);
        RECENT[slot(caller)] = this;
    }

    /** Undoes {@link #enter}, on the same thread. */
    public final void exit() {
        int slot = slot(Thread.currentThread());
        if (RECENT[slot] == this) {
            RECENT[slot] = null;
        }
        CURRENT.remove();
        thread = null;
    }

    /** Whether another thread runs the loop. May be called on any thread; the answer may be slightly out of date. */
    public final boolean isOnOtherThread() {
        Thread running = thread;
        return running != null && running != Thread.currentThread();
    }

    // Unwinding

    /** Begins to unwind a stack whose innermost frame is {@code frame}. */
    protected final void unwindFrom(Frame<?> frame) {
        resetUnwinding(frame);
        innermost = frame;
        outermost = null;
    }

    /**
     * Goes on to unwind the stack: {@code caller} awaits the outermost frame that has suspended so far.
     *
     * <p>A frame that awaits itself does not get a link to its caller. Its caller holds it as the object it waits for, and becomes the innermost frame. This
     * saves a write barrier, and most such frames are resumed without ever needing the link.
     */
    final void unwindThrough(Frame<?> caller) {
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

    /** Records where a long body suspends, and at which object, for {@link LargeFrame#suspendKeeping}. */
    final void suspending(int number, @Nullable Object awaited) {
        suspendingAt = number;
        suspendingFor = awaited;
    }

    final int suspendingAt() {
        return suspendingAt;
    }

    final @Nullable Object takeSuspendingFor() {
        Object awaited = suspendingFor;
        suspendingFor = null;
        return awaited;
    }

    // For the runtime

    /** Called by the handler of a woven method before it uses {@code failure}, whose trace may have to be completed. */
    protected abstract void caught(Throwable failure);

    /** Called when {@code frame} has thrown {@code failure} before its first suspension. */
    protected abstract void threw(Frame<?> frame, Throwable failure);

    /**
     * Ends the unwinding of a stack that {@code caller} awaits.
     *
     * @return the innermost frame, or null if no stack has begun to unwind
     */
    protected final @Nullable Frame<?> takeUnwound(@Nullable Frame<?> caller) {
        Frame<?> first = innermost;
        if (first == null) {
            return null;
        }
        Frame<?> last = outermost == null ? first : outermost;
        if (last.caller != caller) {
            last.caller = caller;
        }
        innermost = null;
        outermost = null;
        return first;
    }

    /**
     * Forgets the stack that unwinds. If its innermost frame is not {@code present}, one of its callers failed to suspend, and the stack is kept for {@link
     * #takeAbandoned}.
     *
     * @param present the innermost frame of the stack that has unwound instead, or null
     */
    protected final void resetUnwinding(@Nullable Frame<?> present) {
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

    /** Forgets the stack that unwinds, even if one of its callers failed to suspend. */
    protected final void dropUnwinding() {
        innermost = null;
        outermost = null;
    }

    /** Whether {@link #takeAbandoned} returns a frame. Asked at the end of each step of a task. */
    public final boolean hasAbandoned() {
        return innermost != null || abandoned != null;
    }

    /** Removes and returns the innermost frame of the abandoned stacks, or returns null. */
    protected final @Nullable Frame<?> takeAbandoned() {
        resetUnwinding(null);
        Frame<?> frame = abandoned;
        abandoned = null;
        return frame;
    }

    /** Calls {@link Suspendable#begin}. */
    protected static @Nullable Object begin(Suspendable awaitable) {
        return awaitable.begin();
    }

    /** Returns the frame that awaits {@code frame}; see {@link Frame#caller}. */
    protected static @Nullable Frame<?> callerOf(Frame<?> frame) {
        return frame.caller;
    }

    /** Links {@code frame} to the frame that awaits it. */
    protected static void setCaller(Frame<?> frame, @Nullable Frame<?> caller) {
        frame.caller = caller;
    }

    /** Returns the object that {@code frame} waits for; see {@link Frame#transfer}. */
    protected static @Nullable Object transferOf(Frame<?> frame) {
        return frame.transfer;
    }

    /** Sets the object that {@code frame} waits for, or the outcome of its await. */
    protected static void setTransfer(Frame<?> frame, @Nullable Object transfer) {
        frame.transfer = transfer;
    }

    /** Returns an outcome for {@link #setTransfer} that lets the await throw {@code failure}. */
    protected static Object failed(Throwable failure) {
        return new Failure(failure);
    }

    /** Enters {@link Frame#FINISHED}, and drops all references of {@code frame} but the one to its caller. */
    protected static void finish(Frame<?> frame) {
        frame.finish();
    }
}
