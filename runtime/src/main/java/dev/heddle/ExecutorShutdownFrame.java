package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The coroutine that {@link EventLoop#shutdownDefaultExecutor} gives. */
final class ExecutorShutdownFrame extends NativeFrame<Void> {

    /** Not of {@link EventLoop}: in a trace that class is where the methods that await have ended. */
    private static final Native ENTRY = Native.ofFunction("shutdownDefaultExecutor");

    private final DefaultExecutor executor;
    private final @Nullable Duration limit;

    ExecutorShutdownFrame(DefaultExecutor executor, @Nullable Duration limit) {
        super(ENTRY);
        this.executor = executor;
        this.limit = limit;
    }

    @Override
    protected @Nullable Object start() {
        Future<Boolean> terminated = executor.shutDown(limit);
        return terminated == null ? null : await(1, terminated);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        Object over = take();
        if (limit != null && Boolean.FALSE.equals(over)) {
            executor.warnOfCallsAfter(limit);
        }
        return null;
    }
}
