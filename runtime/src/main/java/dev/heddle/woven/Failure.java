package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/** A throwable on its way into a suspended frame, told apart from a result by its class. */
record Failure(Throwable cause) {

    /** Throws {@code failure} as it is, checked or not; the return type lets callers write {@code throw}. */
    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException sneaky(Throwable failure) throws X {
        throw (X) failure;
    }

    /** The value {@code transfer} carries, or its failure thrown. */
    static @Nullable Object unwrap(@Nullable Object transfer) {
        if (transfer instanceof Failure failure) {
            throw Failure.<RuntimeException>sneaky(failure.cause);
        }
        return transfer;
    }
}
