// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when an operation did not end within its time limit, for example by {@link Asyncio#waitFor}. Corresponds to {@code TimeoutError}.
 */
public class TimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with {@code message}. */
    public TimeoutException(String message) {
        super(message);
    }

    /** Creates an exception with {@code message}. {@code cause} is the cancellation that ended the wait, or null. */
    public TimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
