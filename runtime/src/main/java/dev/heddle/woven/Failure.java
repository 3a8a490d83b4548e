// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/** Wraps a throwable that an await has to throw. The wrapper distinguishes it from a result, because {@link Frame#transfer} carries both. */
record Failure(Throwable cause) {

    /** Throws {@code failure} itself, even if it is a checked exception. The return type lets callers write {@code throw}. */
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
