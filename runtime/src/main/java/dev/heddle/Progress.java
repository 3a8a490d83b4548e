package dev.heddle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The number of the step that a loop is in, for a {@link StepWatch} on another thread: odd in a step, even between two. Only the loop's
 * thread writes it, so that a step costs two plain additions and stores.
 *
 * <p>The stores are opaque: the watching thread sees each of them some time, which is all it needs, as it looks for a number that does
 * not change for a long time.
 */
final class Progress {

    private static final VarHandle NUMBER;

    static {
        try {
            NUMBER = MethodHandles.lookup().findVarHandle(Progress.class, "number", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private long number;

    /** Says that a step begins; also right after another one. Called on the loop's thread. */
    void begin() {
        NUMBER.setOpaque(this, (number | 1) + (number & 1) * 2);
    }

    /** Says that the last step of a turn is over. Called on the loop's thread. */
    void end() {
        NUMBER.setOpaque(this, number + (number & 1));
    }

    /** The number. Called on any thread. */
    long number() {
        return (long) NUMBER.getOpaque(this);
    }

    static boolean isStep(long number) {
        return (number & 1) == 1;
    }
}
