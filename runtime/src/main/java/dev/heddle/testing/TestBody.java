package dev.heddle.testing;

import dev.heddle.AsyncSupplier;
import dev.heddle.coroutines.NativeFrame;
import org.jspecify.annotations.Nullable;

/** The coroutine of a test: it makes the coroutine of its body when it runs, since code before the first await needs a loop too. */
final class TestBody<T extends @Nullable Object> extends NativeFrame<T> {

    private static final Native ENTRY = new Native(TestLoop.class, "run");

    private final AsyncSupplier<T> body;

    TestBody(AsyncSupplier<T> body) {
        super(ENTRY);
        this.body = body;
    }

    @Override
    protected @Nullable Object start() {
        try {
            return await(1, body.get());
        } catch (Exception failure) {
            throw TestBody.<RuntimeException>sneaky(failure);
        }
    }

    @Override
    protected @Nullable Object resumed(int await) {
        return take();
    }

    /** Throws {@code failure} as it is, checked or not. */
    @SuppressWarnings("unchecked") // X is inferred as RuntimeException; nothing is cast at run time
    private static <X extends Throwable> RuntimeException sneaky(Throwable failure) throws X {
        throw (X) failure;
    }
}
