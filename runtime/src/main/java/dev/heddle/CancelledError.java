// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by an {@code await} in a task that is being cancelled. Code that catches it to clean up should throw it again. It is an {@link
 * Error}, so that {@code catch (Exception e)} does not swallow it; in Python it is not an {@code Exception} either. Corresponds to
 * {@code asyncio.CancelledError}.
 */
public class CancelledError extends Error {

    private static final long serialVersionUID = 1;

    /** Creates an error without a message. */
    public CancelledError() {}

    /** Creates an error with the message that was passed to {@code cancel}, or null. */
    public CancelledError(@Nullable String message) {
        super(message);
    }
}
