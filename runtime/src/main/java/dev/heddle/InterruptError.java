package dev.heddle;

/**
 * Thrown out of a running event loop whose thread was interrupted, where CPython has {@code KeyboardInterrupt}. When a task or callback
 * throws it, it leaves the loop too, and a {@link TaskGroup} throws it by itself. An {@link InternalError} and an {@link UnknownError} do
 * the same, where CPython has {@code SystemExit}. Every other throwable, an {@link OutOfMemoryError} too, is the failure of its task.
 *
 * <p>{@link Asyncio#run} answers the first interrupt by cancelling the main task, and throws this when the main task ended
 * cancelled by it; a second interrupt leaves the loop at once. {@link EventLoop#runForever} and
 * {@link EventLoop#runUntilComplete} are left at once. The interrupt flag of the thread is set again when this is thrown:
 * clear it with {@link Thread#interrupted} before running a loop on the same thread.
 */
public class InterruptError extends Error {

    private static final long serialVersionUID = 1;

    /** An interrupt, described by {@code message}. */
    public InterruptError(String message) {
        super(message);
    }
}
