package dev.heddle;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Handles failures regardless of their kind. */
final class Throwables {

    private Throwables() {}

    /** Throws {@code failure} as it is, checked or not. The return type lets callers write {@code throw}. */
    @SuppressWarnings("unchecked") // X is inferred as RuntimeException; nothing is cast at run time
    static <X extends Throwable> RuntimeException sneaky(Throwable failure) throws X {
        throw (X) failure;
    }

    /**
     * Whether {@code failure} leaves the loop: an interrupt, or a defect of the virtual machine. A stack overflow or a lack of memory is
     * only the failure of the step in which it occurred. In CPython, {@code KeyboardInterrupt} and {@code SystemExit} leave the loop,
     * whereas {@code RecursionError} and {@code MemoryError} do not.
     */
    static boolean leavesLoop(Throwable failure) {
        return failure instanceof InterruptError || failure instanceof InternalError || failure instanceof UnknownError;
    }

    /** Removes the wrappers of {@code java.util.concurrent} from {@code failure}. */
    static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while (inner instanceof CompletionException || inner instanceof ExecutionException) {
            Throwable cause = inner.getCause();
            if (cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    /** What {@code body} gives; it may throw checked exceptions as they are. */
    static <T extends @Nullable Object> Coroutine<T> called(AsyncSupplier<T> body) {
        try {
            return body.get();
        } catch (Exception failure) {
            throw Throwables.<RuntimeException>sneaky(failure);
        }
    }
}
