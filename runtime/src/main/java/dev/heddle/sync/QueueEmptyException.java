package dev.heddle.sync;

/** Thrown by {@link Queue#getNow} when there is nothing to get, Python's {@code asyncio.QueueEmpty}. */
public class QueueEmptyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An exception without a message. */
    public QueueEmptyException() {}

    /** An exception with {@code message}. */
    public QueueEmptyException(String message) {
        super(message);
    }
}
