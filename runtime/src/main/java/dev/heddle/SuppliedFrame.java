package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A coroutine that makes another when it runs, since code before the first await needs a loop too, and gives its result. */
final class SuppliedFrame<T extends @Nullable Object> extends NativeFrame<T> {

    /** For {@link Asyncio#run(AsyncSupplier)}. */
    static final Native RUN = Native.ofFunction("run");

    private final AsyncSupplier<T> body;

    SuppliedFrame(Native entry, AsyncSupplier<T> body) {
        super(entry);
        this.body = Objects.requireNonNull(body, "body");
    }

    @Override
    protected @Nullable Object start() {
        try {
            return await(1, body.get());
        } catch (Exception failure) {
            throw Throwables.<RuntimeException>sneaky(failure);
        }
    }

    @Override
    protected @Nullable Object resumed(int await) {
        return take();
    }
}
