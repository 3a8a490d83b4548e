// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Classifies and unwraps throwables. */
public final class Throwables {

    /** How many causes are looked at. */
    private static final int MOST_CAUSES = 10;

    private Throwables() {}

    /**
     * Whether {@code failure} leaves the loop: an interrupt, or a defect of the virtual machine. A stack overflow or a lack of memory is
     * only the failure of the step in which it occurred, also where the JDK wraps it because it struck while a lambda was linked. In CPython, {@code KeyboardInterrupt} and {@code SystemExit} leave the loop,
     * whereas {@code RecursionError} and {@code MemoryError} do not.
     */
    public static boolean leavesLoop(Throwable failure) {
        return failure instanceof LeavesLoop
                || (failure instanceof InternalError && !isCausedByOverflow(failure))
                || failure instanceof UnknownError;
    }

    private static boolean isCausedByOverflow(Throwable failure) {
        Throwable cause = failure.getCause();
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) { // causes may form a circle
            if (cause instanceof StackOverflowError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
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
