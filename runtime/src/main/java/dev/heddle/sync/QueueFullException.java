package dev.heddle.sync;

/** Thrown by {@link Queue#putNow} when there is no room, Python's {@code asyncio.QueueFull}. */
public class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An exception without a message. */
    public QueueFullException() {}

    /** An exception with {@code message}. */
    public QueueFullException(String message) {
        super(message);
    }
}
