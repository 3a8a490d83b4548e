package dev.heddle.sync;

/** Thrown on putting into a queue that was shut down, and on getting from it when it is empty, Python's {@code asyncio.QueueShutDown}. */
public class QueueShutDownException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An exception without a message. */
    public QueueShutDownException() {}

    /** An exception with {@code message}. */
    public QueueShutDownException(String message) {
        super(message);
    }
}
