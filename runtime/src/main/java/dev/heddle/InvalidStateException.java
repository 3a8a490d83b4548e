// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

/**
 * Thrown when the result or failure of a pending {@link Future} is requested, or when a future is completed twice. Corresponds to
 * {@code asyncio.InvalidStateError}.
 */
public class InvalidStateException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with {@code message}. */
    public InvalidStateException(String message) {
        super(message);
    }
}
