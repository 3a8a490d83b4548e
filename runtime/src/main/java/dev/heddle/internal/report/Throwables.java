// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Classifies and unwraps throwables. */
public final class Throwables {

    private Throwables() {}

    /**
     * Whether {@code failure} leaves the loop: an interrupt, or a defect of the virtual machine. A stack overflow or a lack of memory is
     * only the failure of the step in which it occurred. In CPython, {@code KeyboardInterrupt} and {@code SystemExit} leave the loop,
     * whereas {@code RecursionError} and {@code MemoryError} do not.
     */
    public static boolean leavesLoop(Throwable failure) {
        return failure instanceof LeavesLoop || failure instanceof InternalError || failure instanceof UnknownError;
    }

    /** Removes the wrappers of {@code java.util.concurrent} from {@code failure}. */
    public static Throwable unwrapped(Throwable failure) {
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
}
