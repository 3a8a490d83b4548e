package dev.heddle;

import org.jspecify.annotations.Nullable;

/** Thrown when what was waited for took longer than allowed, as {@link Asyncio#waitFor} does. Python's {@code TimeoutError}. */
public class TimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A timeout, described by {@code message}. */
    public TimeoutException(String message) {
        super(message);
    }

    /** A timeout, described by {@code message}; {@code cause} is the cancellation that ended the wait, if any. */
    public TimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
