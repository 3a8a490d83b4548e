// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

/** Thrown by {@link Queue#putNow} if the queue is full. Corresponds to {@code asyncio.QueueFull}. */
public class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception without a message. */
    public QueueFullException() {}

    /** Creates an exception with {@code message}. */
    public QueueFullException(String message) {
        super(message);
    }
}
