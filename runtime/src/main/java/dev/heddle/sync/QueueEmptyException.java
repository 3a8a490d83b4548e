// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

/** Thrown by {@link Queue#getNow} if the queue is empty. Corresponds to {@code asyncio.QueueEmpty}. */
public class QueueEmptyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception without a message. */
    public QueueEmptyException() {}

    /** Creates an exception with {@code message}. */
    public QueueEmptyException(String message) {
        super(message);
    }
}
