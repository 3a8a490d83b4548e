package dev.heddle.coroutines;

import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library that waits until it is woken. It awaits itself, and so is for its task what a future is otherwise, but one that
 * nobody else has: waiting makes no object, and can be done again. Used on the thread of the loop, but for {@link #requireThread}.
 *
 * @param <T> the type of the result
 */
public abstract class ParkingFrame<T extends @Nullable Object> extends NativeFrame<T> {

    /** {@link #end} of a wait that goes on, and before there was one. */
    private static final byte NONE = 0;

    /** {@link #end} after {@link #wake}. */
    private static final byte WOKEN = 1;

    /** {@link #end} after {@link #cancelWait}. */
    private static final byte CANCELLED = 2;

    /** How the last wait has ended: one of the constants above. A number, as the store of a reference costs more. */
    private byte end;

    /** The task that waits in this. Null while none does: before it has suspended and after the wait has ended. */
    private @Nullable Step task;

    /** The kernel of the loop of the task that waits, or waited last. */
    private @Nullable LoopCore loop;

    /** A frame that {@code entry} continues. */
    protected ParkingFrame(Native entry) {
        super(entry);
    }

    /**
     * Waits to be woken, as the await with number {@code await}, a positive one, that gives null.
     *
     * @return {@link dev.heddle.woven.Suspension#SUSPENDED}, which the caller returns
     */
    protected final Object park(int await) {
        end = NONE;
        return suspendInItself(await);
    }

    /** Called by the task that has suspended in this; {@code itsLoop} runs it. */
    public final void enter(Step waiting, LoopCore itsLoop) {
        task = waiting;
        if (loop != itsLoop) { // a store costs more than a look, and mostly it is the same
            loop = itsLoop;
        }
    }

    /**
     * To be called before {@link #wake}, and before anything is changed for it.
     *
     * @throws IllegalStateException on another thread than that which runs the loop of the task that waits, or has waited last
     */
    public final void requireThread() {
        if (loop != null) {
            loop.requireThread();
        }
    }

    /**
     * Ends the wait.
     *
     * @return false, and nothing happens, if no task waits
     * @throws IllegalStateException if the loop is closed; the wait is over even so
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
        end = WOKEN; // after what may fail for lack of memory or stack: it waits on then
        task = null;
        return true;
    }

    /** Whether a task waits. */
    public final boolean isWaiting() {
        return task != null;
    }

    /** Ends the wait of a task that is cancelled, which the caller lets go on; false, and nothing happens, if no task waits. */
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
