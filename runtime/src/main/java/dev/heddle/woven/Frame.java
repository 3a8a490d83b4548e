// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import dev.heddle.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of a woven method. Before it starts it holds the arguments. While it is suspended it holds the locals and operands that are live after the
 * {@code await}. This class has room for one reference. The subclasses in this package have room for more, and the weaver chooses the smallest that
 * fits. Primitive values are stored as {@code long} bits.
 *
 * <p>Only the thread of the loop that runs the coroutine may use the members.
 *
 * @param <T> the type of the result
 */
public class Frame<T extends @Nullable Object> extends Coroutine<T> {

    /** {@link #state} before the body starts. The fields hold the arguments. */
    public static final int CREATED = 0;

    /** {@link #state} from the start of the body until its first suspension. The body restores the arguments. */
    public static final int STARTED = -1;

    /** {@link #state} after the body has returned or thrown. Lower values are marks that the runtime sets while no body runs. */
    public static final int FINISHED = -2;

    /** Continues the body. */
    public final Entry entry;

    /**
     * One of the constants above, or the await at which the body was last suspended. The latter is positive: the low twelve bits are the number of the
     * await, and the bits above them identify the version of the method.
     */
    public int state;

    /**
     * The frame that awaits this one, or null for the outermost frame. It is set when this suspends below another frame, and kept until the end of the step
     * in which this finishes. A frame that awaits itself is linked only on demand.
     */
    @Nullable
    Frame<?> caller;

    /**
     * The object that passes between this and the runtime at an await:
     *
     * <ul>
     *   <li>in the innermost suspended frame, the object that it waits for, or the frame itself if it awaits itself;
     *   <li>in a frame that awaits such a frame and is not linked to it, that frame;
     *   <li>in a frame that is about to be resumed, the result of its await or a {@link Failure};
     *   <li>in every other frame, and while the body runs, null.
     * </ul>
     */
    @Nullable
    Object transfer;

    /** The receiver of an instance method, or any reference of a static method. */
    public @Nullable Object a0;

    /** Creates a frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public Frame(Entry entry) {
        this.entry = entry;
        FrameObserver observer = FrameObserver.installed;
        if (observer != null) {
            observer.made(this);
        }
    }

    /**
     * Suspends a body, and stores the values that it needs to continue.
     *
     * @param frame its frame, or null if it was called directly, so that a frame has to be created
     * @param a0 the value of the field of that name; the receiver if the method has one
     * @param await the state of the await
     * @param awaited the awaited object that did not finish, or null for a body that was called directly
     * @return {@link Suspension#SUSPENDED}, for the body to return
     */
    public static Object suspend(
            @Nullable Frame<?> frame, Entry entry, @Nullable Object a0, int await, @Nullable Object awaited) {
        Frame<?> suspended = frame != null ? frame : new Frame<>(entry);
        suspended.a0 = a0;
        return suspended.suspendAt(await, awaited);
    }

    /**
     * Suspends this at the await with the given state. If the awaited coroutine has a frame, this is the outermost frame that has suspended so far; otherwise
     * it is the innermost one.
     *
     * @param awaited the awaited object that did not finish, or null for a body that was called directly
     * @return {@link Suspension#SUSPENDED}, for the body to return
     */
    public final Object suspendAt(int await, @Nullable Object awaited) {
        if (state == CREATED) {
            observeStart(); // a body that was called directly has no other place for this
        }
        if (isBegunBelow(awaited)) {
            Driver.current().unwindThrough(this);
        } else {
            if (state <= 0) {
                Driver.current()
                        .unwindFrom(this); // at later awaits the driver knows that it has resumed the innermost frame
            }
            transfer = awaited;
        }
        state = await;
        return Suspension.SUSPENDED;
    }

    /** Whether a frame below this one has suspended. What is no {@link Suspendable} was converted to a coroutine, which has one. */
    private static boolean isBegunBelow(@Nullable Object awaited) {
        return awaited instanceof Frame<?>
                || awaited instanceof ForwardingCoroutine<?>
                || !(awaited instanceof Suspendable);
    }

    /**
     * Suspends this, the innermost frame, at the await with the given state. It awaits itself, because there is no other object that could end the wait.
     *
     * @return {@link Suspension#SUSPENDED}, for the body to return
     */
    protected final Object suspendInItself(int await) {
        if (state <= 0) {
            Driver.current().unwindFrom(this);
        }
        transfer = this;
        state = await;
        return Suspension.SUSPENDED;
    }

    /** Takes the result of the await at which this frame was suspended, or throws its failure as it was raised. */
    public final @Nullable Object take() {
        Object taken = transfer;
        transfer = null;
        return Failure.unwrap(taken);
    }

    @Override
    protected final @Nullable Object begin() {
        if (state != CREATED) {
            throw new IllegalStateException((state == FINISHED
                            ? "cannot reuse already awaited coroutine: "
                            : "coroutine is being awaited already: ")
                    + this + "; call the method again, or await a Task of it, which may be awaited often");
        }
        state = STARTED;
        observeStart();
        try {
            Object result = start();
            if (result != Suspension.SUSPENDED) {
                finish();
            }
            return result;
        } catch (Throwable failure) {
            finish();
            Driver driver = Driver.currentOrNull();
            if (driver != null) {
                driver.threw(this, failure);
            }
            throw failure;
        }
    }

    private void observeStart() {
        FrameObserver observer = FrameObserver.installed;
        if (observer != null) {
            observer.started(this);
        }
    }

    /**
     * Runs the body from its beginning, as {@link Entry#resume} does. A subclass that contains its body overrides this: if the JIT compiler knows the class of
     * the frame, the call needs no entry.
     */
    protected @Nullable Object start() {
        return entry.resume(this);
    }

    @Override
    protected final boolean discard() {
        boolean unstarted = state == CREATED;
        if (unstarted) {
            observeStart();
            finish();
        }
        return unstarted;
    }

    @Override
    public final void close() {
        if (!discard() && state != FINISHED) {
            throw new IllegalStateException("cannot close " + this + ", because it is being awaited; cancel its task");
        }
    }

    /** Enters {@link #FINISHED}. A finished coroutine that is still referenced keeps no other object alive, once the driver has removed the link to its caller. */
    final void finish() {
        state = FINISHED;
        transfer = null;
        clear();
    }

    /** Drops the references that this holds. Called when it has ended, or was discarded before it began. */
    protected void clear() {
        a0 = null;
    }

    /** The line of the body at which this frame is suspended. */
    public final StackTraceElement location() {
        return entry.method().at(state);
    }

    @Override
    public String toString() {
        String name = entry.method().qualifiedName();
        String where = switch (state) {
            case CREATED -> name + " created";
            case STARTED -> name + " started";
            case FINISHED -> name + " finished";
            default -> location().toString();
        };
        return "<coroutine " + where + ">";
    }
}
