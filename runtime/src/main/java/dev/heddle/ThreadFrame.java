package dev.heddle;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The coroutine that {@link Asyncio#toThread} gives. */
final class ThreadFrame<T> extends NativeFrame<T> {

    private static final Native ENTRY = new Native("toThread");

    private final Callable<T> callable;

    ThreadFrame(Callable<T> callable) {
        super(ENTRY);
        this.callable = callable;
    }

    @Override
    @Nullable
    Object started() {
        return await(1, Asyncio.getRunningLoop().runInExecutor(null, callable));
    }

    @Override
    @Nullable
    Object resumed(int await) {
        return take();
    }
}
