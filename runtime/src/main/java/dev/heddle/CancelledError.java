package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by an {@code await} in a task that is being cancelled, Python's {@code asyncio.CancelledError}. It is an
 * {@link Error}, as Python's is no {@code Exception}, so that {@code catch (Exception e)} does not swallow it. Code that
 * catches it to clean up throws it again.
 */
public class CancelledError extends Error {

    private static final long serialVersionUID = 1;

    /** A cancellation without a message. */
    public CancelledError() {}

    /** A cancellation with the message that was given to {@code cancel}, null for none. */
    public CancelledError(@Nullable String message) {
        super(message);
    }
}
