package dev.heddle.workers;

import dev.heddle.Future;
import dev.heddle.coroutines.NativeFrame;
import org.jspecify.annotations.Nullable;

/** The main coroutine of a worker, which waits until the worker is to stop. */
final class ServeFrame extends NativeFrame<Boolean> {

    private static final Native ENTRY = new Native(Workers.class, "start");

    private final Future<Boolean> stop;

    /** Whether this has gone on after its wait, and so has ended. Used on the worker's thread. */
    boolean over;

    ServeFrame(Future<Boolean> stop) {
        super(ENTRY);
        this.stop = stop;
    }

    @Override
    protected @Nullable Object start() {
        return await(1, stop);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        over = true;
        return take();
    }
}
