package dev.heddle.coroutines;

import dev.heddle.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of the library that waits until it is woken. It awaits itself, and so is for its task what a future is otherwise, but one that
 * nobody else has: waiting makes no object, and can be done again.
 *
 * @param <T> the type of the result
 */
public abstract class ParkingFrame<T extends @Nullable Object> extends NativeFrame<T> {

    /** {@link #wait} until somebody has ended it, and before there was one. */
    private static final byte PENDING = 0;

    /** {@link #wait} after {@link #wake}. */
    private static final byte WOKEN = 1;

    /** {@link #wait} after {@link #cancelWait}. */
    private static final byte CANCELLED = 2;

    /** One of the constants above. A number, as the store of a reference costs more. */
    private byte wait;

    /** The task that waits in this, null while none does. */
    private @Nullable Task<?> task;

    /** That of the loop of the last task. */
    private @Nullable Waker waker;

    /** A frame that {@code entry} continues. */
    protected ParkingFrame(Native entry) {
        super(entry);
    }

    /**
     * Waits to be woken, as the await with number {@code await}, a positive one, that gives null.
     *
     * @return {@link dev.heddle.spi.Suspension#SUSPENDED}, which the caller returns
     */
    protected final Object park(int await) {
        wait = PENDING;
        return suspendInItself(await);
    }

    /** Called by the task that has suspended in this, whose loop {@code waker} belongs to. */
    public final void enter(Task<?> waiting, Waker itsWaker) {
        task = waiting;
        if (waker != itsWaker) { // a store costs more than a look, and mostly it is the same
            waker = itsWaker;
        }
    }

    /**
     * Ends the wait.
     *
     * @return false, and nothing happens, if it has ended
     * @throws IllegalStateException as {@link Waker#wake} does; the wait goes on
     */
    public final boolean wake() {
        if (wait != PENDING) {
            return false;
        }
        Objects.requireNonNull(waker, "waker").wake(Objects.requireNonNull(task, "task"));
        wait = WOKEN;
        task = null;
        return true;
    }

    /** Ends the wait because the task is cancelled, which sees to it that it goes on; false, and nothing happens, if it has ended. */
    public final boolean cancelWait() {
        if (wait != PENDING) {
            return false;
        }
        wait = CANCELLED;
        task = null;
        return true;
    }

    /** Whether the last wait was ended by {@link #wake}. The task may have been cancelled since. */
    public final boolean wasWoken() {
        return wait == WOKEN;
    }

    /** Whether the last wait was ended by a cancellation. */
    public final boolean wasCancelled() {
        return wait == CANCELLED;
    }
}
