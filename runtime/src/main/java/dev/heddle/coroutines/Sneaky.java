// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.coroutines;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Throws checked exceptions where no {@code throws} clause allows them, so that exceptions of a lambda reach the task that runs it. */
public final class Sneaky {

    private Sneaky() {}

    /** Throws {@code failure} as it is, checked or not; the return type lets callers write {@code throw}. */
    public static RuntimeException thrown(Throwable failure) {
        throw Sneaky.<RuntimeException>as(failure);
    }

    /** Lets {@code body} throw its checked exceptions unchecked: they belong to the task in which it is called. */
    public static <T extends @Nullable Object> Supplier<T> unchecked(Callable<T> body) {
        return () -> {
            try {
                return body.call();
            } catch (Exception failure) {
                throw thrown(failure);
            }
        };
    }

    @SuppressWarnings("unchecked") // X is inferred as RuntimeException; nothing is cast at run time
    private static <X extends Throwable> RuntimeException as(Throwable failure) throws X {
        throw (X) failure;
    }
}
