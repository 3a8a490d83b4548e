package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import org.jspecify.annotations.Nullable;

/** A coroutine that awaits something else and gives its result, which makes a task of a sleep possible. */
final class AwaitFrame<T> extends NativeFrame<T> {

    private static final Native ENTRY = Native.ofFunction("ensureFuture");

    private final Awaitable<T> awaitable;

    AwaitFrame(Awaitable<T> awaitable) {
        super(ENTRY);
        this.awaitable = awaitable;
    }

    @Override
    protected @Nullable Object start() {
        return await(1, awaitable);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        return take();
    }
}
