package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/** A throwable that an await is to throw. The class distinguishes it from a result, as both are passed in {@link Frame#transfer}. */
record Failure(Throwable cause) {

    /** Throws {@code failure} as it is, even if it is a checked exception. The return type lets callers write {@code throw}. */
    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException sneaky(Throwable failure) throws X {
        throw (X) failure;
    }

    /** Returns the result in {@code transfer}, or throws its failure. */
    static @Nullable Object unwrap(@Nullable Object transfer) {
        if (transfer instanceof Failure failure) {
            throw Failure.<RuntimeException>sneaky(failure.cause);
        }
        return transfer;
    }
}
