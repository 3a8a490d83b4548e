package dev.heddle;

/**
 * Thrown when a {@link Future} is asked for what it does not have yet, or is completed twice. Python's
 * {@code asyncio.InvalidStateError}.
 */
public class InvalidStateException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** A refusal, for the reason {@code message} gives. */
    public InvalidStateException(String message) {
        super(message);
    }
}
