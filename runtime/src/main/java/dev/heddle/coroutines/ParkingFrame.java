// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.coroutines;

import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library that waits until it is woken. It awaits itself, and thus takes the place of a future for its task. Waiting
 * therefore creates no object, and can be repeated. Used on the thread of the loop, except for {@link #requireThread}.
 *
 * @param <T> the type of the result
 */
public abstract class ParkingFrame<T extends @Nullable Object> extends NativeFrame<T> {

    /** The {@link #end} of a wait that has not ended, and before the first wait. */
    private static final byte NONE = 0;

    /** The {@link #end} after {@link #wake}. */
    private static final byte WOKEN = 1;

    /** The {@link #end} after {@link #cancelWait}. */
    private static final byte CANCELLED = 2;

    /** How the last wait ended: one of the constants above. It is a number, because storing a reference costs more. */
    private byte end;

    /** The task that waits in this frame. Null before it has suspended and after the wait has ended. */
    private @Nullable Step task;

    /** The kernel of the loop whose task waits, or waited last. */
    private @Nullable LoopCore loop;

    /** Creates a frame that {@code entry} resumes. */
    protected ParkingFrame(Native entry) {
        super(entry);
    }

    /**
     * Waits until this frame is woken. {@code await} is the number of the await and must be positive. The result of the await is null.
     *
     * @return {@link dev.heddle.woven.Suspension#SUSPENDED}, which the caller must return
     */
    protected final Object park(int await) {
        end = NONE;
        return suspendInItself(await);
    }

    /** Called by the task that has suspended in this frame. {@code itsLoop} runs the task. */
    public final void enter(Step waiting, LoopCore itsLoop) {
        task = waiting;
        if (loop != itsLoop) { // a store costs more than a comparison, and usually the loop is the same
            loop = itsLoop;
        }
    }

    /**
     * Checks the calling thread. To be called before {@link #wake}, and before any change that leads to it.
     *
     * @throws IllegalStateException if another thread runs the loop whose task waits, or waited last
     */
    public final void requireThread() {
        if (loop != null) {
            loop.requireThread();
        }
    }

    /**
     * Ends the wait.
     *
     * @return false if no task waits; then nothing happens
     * @throws IllegalStateException if the loop is closed; the wait has ended nevertheless
     */
    public final boolean wake() {
        Step waiting = task;
        if (waiting == null) {
            return false;
        }
        try {
            Objects.requireNonNull(loop, "loop").wake(waiting);
        } catch (IllegalStateException closed) {
            end = WOKEN;
            task = null;
            throw closed;
        }
        end = WOKEN; // after the calls that may fail for lack of memory or stack, so that the wait then continues
        task = null;
        return true;
    }

    /** Whether a task waits. */
    public final boolean isWaiting() {
        return task != null;
    }

    /** Ends the wait of a cancelled task, which the caller then resumes. Returns false if no task waits; then nothing happens. */
    public final boolean cancelWait() {
        if (task == null) {
            return false;
        }
        end = CANCELLED;
        task = null;
        return true;
    }

    /** Whether the last wait was ended by {@link #wake}. The task may have been cancelled since. */
    public final boolean wasWoken() {
        return end == WOKEN;
    }

    /** Whether the last wait was ended by a cancellation. */
    public final boolean wasCancelled() {
        return end == CANCELLED;
    }
}
