package dev.heddle.sync;

/** What putting into a queue that was shut down throws, and getting from it when it is empty, Python's {@code asyncio.QueueShutDown}. */
public class QueueShutDownException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An exception without a message. */
    public QueueShutDownException() {}

    /** An exception with {@code message}. */
    public QueueShutDownException(String message) {
        super(message);
    }
}
