package dev.heddle.sync;

/** Thrown by {@link Barrier#arrive} when the barrier is aborted or reset, Python's {@code asyncio.BrokenBarrierError}. */
public class BrokenBarrierException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An exception with {@code message}. */
    public BrokenBarrierException(String message) {
        super(message);
    }
}
