package dev.heddle.workers;

import dev.heddle.AsyncSupplier;
import dev.heddle.coroutines.NativeFrame;
import org.jspecify.annotations.Nullable;

/** The coroutine of a {@link Work}, which calls the function of the caller on the worker's thread. */
final class WorkFrame<T extends @Nullable Object> extends NativeFrame<T> {

    private static final Native ENTRY = new Native(Workers.class, "submit");

    private final AsyncSupplier<T> function;

    WorkFrame(AsyncSupplier<T> function) {
        super(ENTRY);
        this.function = function;
    }

    @Override
    protected @Nullable Object start() {
        try {
            return await(1, function.get());
        } catch (Throwable failure) {
            throw WorkFrame.<RuntimeException>sneaky(failure);
        }
    }

    @Override
    protected @Nullable Object resumed(int await) {
        return take();
    }

    /** Throws {@code failure} as it is: a lambda may throw checked exceptions, and the task takes them. */
    @SuppressWarnings("unchecked") // X is inferred as RuntimeException; nothing is cast at run time
    private static <X extends Throwable> RuntimeException sneaky(Throwable failure) throws X {
        throw (X) failure;
    }
}
