package dev.heddle.woven;

import dev.heddle.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of a woven method: before it starts it holds the arguments, while it is suspended it holds the locals and
 * operands that are live after the {@code await}. This class has room for one reference; the subclasses of this package
 * add more, and the weaver takes the smallest that fits. Primitive values are stored as {@code long} bits.
 *
 * <p>Every member is touched on the thread of the loop that runs the coroutine, and nowhere else.
 *
 * @param <T> the type of the result
 */
public class Frame<T extends @Nullable Object> extends Coroutine<T> {

    /** {@link #state} before the body has started: the fields hold the arguments. */
    public static final int CREATED = 0;

    /** {@link #state} from the start of the body until its first suspension; the body restores the arguments. */
    public static final int STARTED = -1;

    /** {@link #state} after the body has returned or thrown. Nothing leaves this state. */
    public static final int FINISHED = -2;

    /** {@link #state} in place of {@link #CREATED} while a {@link Listing} is made. No body runs meanwhile. */
    static final int LISTED = -3;

    /** Continues the body. */
    public final Entry entry;

    /**
     * One of the constants above, or, positive, the await at which the body was last suspended: its number in the low twelve
     * bits, above them what tells this version of the method from others.
     */
    public int state;

    /**
     * The frame that awaits this one. Set while this is suspended below another frame, unless this awaits itself and nobody has asked for the link,
     * and after that until the step is over in which this finishes; null in the outermost one.
     */
    @Nullable
    Frame<?> caller;

    /**
     * In the innermost suspended frame, what it waits for, which is the frame itself if it awaits itself; in one that awaits such a frame and is not linked
     * to it, that frame; in a frame about to be resumed, the result of its await or a {@link Failure}. Null in every other frame, and while the body runs.
     */
    @Nullable
    Object transfer;

    /** The receiver of an instance method; any reference of a static one. */
    public @Nullable Object a0;

    /** A frame of the method that {@code entry} continues, in state {@link #CREATED}. */
    public Frame(Entry entry) {
        this.entry = entry;
        if (UnawaitedCoroutines.isWatchedHere()) { // or else the facts of the method would be made for nothing
            UnawaitedCoroutines.made(this, entry.method());
        }
    }

    /**
     * Suspends a body: stores what it needs when it goes on.
     *
     * @param frame its frame, null if it was called directly and gets one now
     * @param a0 the value of the field of that name; of an instance method the receiver
     * @param await the state of the await
     * @param awaited what did not finish there, null for a body that was called directly
     * @return {@link Suspension#SUSPENDED}, for the body to return
     */
    public static Object suspend(
            @Nullable Frame<?> frame, Entry entry, @Nullable Object a0, int await, @Nullable Object awaited) {
        Frame<?> suspended = frame != null ? frame : new Frame<>(entry);
        suspended.a0 = a0;
        return suspended.suspendAt(await, awaited);
    }

    /**
     * Suspends this at the await with the given state, as the outermost frame so far of those that suspend, or, at something
     * that waits without a frame, as the innermost one.
     *
     * @param awaited what did not finish there, null for a body that was called directly
     * @return {@link Suspension#SUSPENDED}, for the body to return
     */
    public final Object suspendAt(int await, @Nullable Object awaited) {
        if (state == CREATED && UnawaitedCoroutines.watching) {
            UnawaitedCoroutines.started(this); // made for a body that was called directly
        }
        if (awaited == null || awaited instanceof Frame<?> || awaited instanceof Repeatable<?>) {
            Chain.current().above(this);
        } else {
            if (state <= 0) {
                Chain.current().innermost(this); // later, whoever resumes this knows that it is the innermost
            }
            transfer = awaited;
        }
        state = await;
        return Suspension.SUSPENDED;
    }

    /**
     * Suspends this, the innermost frame, at the await with the given state, where it awaits itself.
     *
     * @return {@link Suspension#SUSPENDED}, for the body to return
     */
    protected final Object suspendInItself(int await) {
        if (state <= 0) {
            Chain.current().innermost(this);
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
                    + this);
        }
        state = STARTED;
        if (UnawaitedCoroutines.watching) {
            UnawaitedCoroutines.started(this);
        }
        try {
            Object result = start();
            if (result != Suspension.SUSPENDED) {
                finish();
            }
            return result;
        } catch (Throwable failure) {
            finish();
            LogicalTrace.raisedBy(entry.method(), failure);
            throw failure;
        }
    }

    /**
     * Runs the body from its beginning, for {@link #begin}: as {@link Entry#resume}, which a subclass can do without. Where the class of the
     * frame is known when the caller is compiled, no entry has to be found then.
     */
    protected @Nullable Object start() {
        return entry.resume(this);
    }

    @Override
    protected final boolean discard() {
        boolean unstarted = state == CREATED;
        if (unstarted) {
            UnawaitedCoroutines.started(this);
            finish();
        }
        return unstarted;
    }

    /**
     * Enters state {@link #CREATED} again if this is over: for a coroutine of the library that then stands for another call. False if this is not over, or
     * if those made here are watched: it is told of one that nobody awaits when that is collected.
     */
    public final boolean renewIfOver() {
        if (state != FINISHED || caller != null || UnawaitedCoroutines.isWatchedHere()) {
            return false;
        }
        state = CREATED;
        return true;
    }

    /** Enters state {@link #FINISHED}. Whoever keeps a finished coroutine keeps nothing else by it, once {@link Chain} has taken the link out. */
    final void finish() {
        state = FINISHED;
        transfer = null;
        clear();
    }

    /** Drops the references that this holds, as it is over: it has ended, or was given up before it began. */
    protected void clear() {
        a0 = null;
    }

    /** The line of the body at which this frame is suspended. */
    final StackTraceElement location() {
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
