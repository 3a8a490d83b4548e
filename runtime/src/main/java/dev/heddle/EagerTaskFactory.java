package dev.heddle;

import org.jspecify.annotations.Nullable;

/** The factory that {@link Asyncio#eagerTaskFactory} returns. */
final class EagerTaskFactory implements TaskFactory {

    static final EagerTaskFactory INSTANCE = new EagerTaskFactory();

    private EagerTaskFactory() {}

    @Override
    public <T extends @Nullable Object> Task<T> newTask(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
        return Task.of(loop, coroutine, options.eagerStart() == null ? options.withEagerStart(true) : options);
    }
}
