// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import dev.heddle.internal.loop.Probe;
import dev.heddle.internal.loop.Step;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the steps of a loop for a {@link StepWatch} on another thread. The number is odd during a step and even between two. Only the loop's
 * thread writes it, so a step costs two plain additions and stores.
 *
 * <p>The stores are opaque: the watching thread eventually sees each of them. That is enough, because it looks for a number that does not
 * change for a long time.
 */
final class Progress implements Probe {

    private static final VarHandle NUMBER;

    static {
        try {
            NUMBER = MethodHandles.lookup().findVarHandle(Progress.class, "number", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private long number;

    /** Adds 1, or 2 directly after another step. */
    @Override
    public void stepBegins(Step step) {
        NUMBER.setOpaque(this, (number | 1) + (number & 1) * 2);
    }

    /** Does nothing: the next step or the end of the turn ends the count. */
    @Override
    public void stepEnded(Step step) {}

    @Override
    public void turnEnded() {
        NUMBER.setOpaque(this, number + (number & 1));
    }

    /** Returns the number. Called on any thread. */
    long number() {
        return (long) NUMBER.getOpaque(this);
    }

    static boolean isStep(long number) {
        return (number & 1) == 1;
    }
}
