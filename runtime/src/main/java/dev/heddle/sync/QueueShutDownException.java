// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

/**
 * Thrown when an item is put into a queue that was shut down, or when an item is requested from such a queue and it is empty. Corresponds
 * to {@code asyncio.QueueShutDown}.
 */
public class QueueShutDownException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception without a message. */
    public QueueShutDownException() {}

    /** Creates an exception with {@code message}. */
    public QueueShutDownException(String message) {
        super(message);
    }
}
