package dev.heddle.workers;

import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.coroutines.NativeFrame;
import dev.heddle.woven.Suspension;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The main coroutine of a worker, which waits until the worker is to stop. When it is cancelled, as the JVM ends, it cancels what was submitted
 * and waits for that. Whatever is left on the loop is cancelled afterwards.
 */
final class ServeFrame extends NativeFrame<Boolean> {

    private static final Native ENTRY = new Native(Workers.class, "start");

    private static final int STOP = 1;
    private static final int WORKS = 2;

    private final Worker worker;
    private final Future<Boolean> stop;

    /** Why this ends, null while it serves. */
    private @Nullable CancelledError cancellation;

    /** Whether this has gone on after its last wait, and so has ended. Used on the worker's thread. */
    boolean over;

    ServeFrame(Worker worker, Future<Boolean> stop) {
        super(ENTRY);
        this.worker = worker;
        this.stop = stop;
    }

    @Override
    protected @Nullable Object start() {
        return await(STOP, stop);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        over = true;
        if (await == WORKS) {
            take();
            throw ended();
        }
        try {
            return take();
        } catch (CancelledError cancelled) {
            cancellation = cancelled;
            if (worker.isEnding()) {
                throw cancelled; // with everything else on the loop
            }
        }
        List<Task<?>> tasks = worker.cancelWorks();
        over = tasks.isEmpty();
        if (!over && await(WORKS, Asyncio.wait(tasks)) == Suspension.SUSPENDED) {
            return Suspension.SUSPENDED;
        }
        throw ended();
    }

    @Override
    public boolean hasCancelledTasks() {
        return worker.wasCancelled();
    }

    private CancelledError ended() {
        over = true;
        return Objects.requireNonNull(cancellation);
    }
}
