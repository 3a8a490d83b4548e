package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The coroutine that {@link Asyncio#toThread} gives. */
final class ThreadFrame<T> extends NativeFrame<T> {

    private static final Native ENTRY = Native.ofFunction("toThread");

    private final Callable<T> callable;

    ThreadFrame(Callable<T> callable) {
        super(ENTRY);
        this.callable = callable;
    }

    @Override
    protected @Nullable Object start() {
        return await(1, RunningLoop.get().runInExecutor(null, callable));
    }

    @Override
    protected @Nullable Object resumed(int await) {
        return take();
    }
}
