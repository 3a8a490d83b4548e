// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.coroutines;

import dev.heddle.woven.ForwardingCoroutine;
import dev.heddle.woven.Suspendable;
import dev.heddle.woven.Suspension;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The main coroutine of a run of a program that may have cancelled tasks of the loop. The end of the run then cancels only the tasks that
 * were not cancelled yet, so that the clean-up code of the others is not interrupted.
 *
 * @param <T> the type of the result
 */
public final class MainCoroutine<T extends @Nullable Object> extends ForwardingCoroutine<T> {

    private final Suspendable coroutine;
    private final BooleanSupplier hasCancelledTasks;

    /** Creates a coroutine that runs {@code coroutine}. {@code hasCancelledTasks} is called after the run. */
    public MainCoroutine(Suspendable coroutine, BooleanSupplier hasCancelledTasks) {
        this.coroutine = coroutine;
        this.hasCancelledTasks = hasCancelledTasks;
    }

    /** Whether the program has cancelled tasks of the loop. */
    public boolean hasCancelledTasks() {
        return hasCancelledTasks.getAsBoolean();
    }

    @Override
    protected @Nullable Object begin() {
        return Suspension.await(coroutine);
    }

    @Override
    protected boolean discard() {
        return false; // a worker's run always begins
    }

    @Override
    public String toString() {
        return coroutine.toString();
    }
}
