package dev.heddle.coroutines;

import dev.heddle.Coroutine;
import dev.heddle.woven.Suspension;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A main coroutine of a run that stands for a program which may have cancelled tasks of the loop. The end of the run then cancels only the
 * tasks that nobody has cancelled, so that the clean-up code of the others runs undisturbed.
 *
 * @param <T> the type of the result
 */
public final class MainCoroutine<T extends @Nullable Object> extends Coroutine<T> {

    private final Coroutine<T> coroutine;
    private final BooleanSupplier hasCancelledTasks;

    /** Runs {@code coroutine}; {@code hasCancelledTasks} is asked when the run is over. */
    public MainCoroutine(Coroutine<T> coroutine, BooleanSupplier hasCancelledTasks) {
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
