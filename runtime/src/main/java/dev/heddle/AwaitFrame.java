package dev.heddle;

import org.jspecify.annotations.Nullable;

/** A coroutine that awaits something else and gives its result, which makes a task of a sleep possible. */
final class AwaitFrame<T> extends NativeFrame<T> {

    private static final Native ENTRY = new Native("ensureFuture");

    private final Awaitable<T> awaitable;

    AwaitFrame(Awaitable<T> awaitable) {
        super(ENTRY);
        this.awaitable = awaitable;
    }

    @Override
    @Nullable
    Object started() {
        return await(1, awaitable);
    }

    @Override
    @Nullable
    Object resumed(int await) {
        return take();
    }
}
