package dev.heddle;

/** A callback that an {@link EventLoop} is going to run, Python's {@code asyncio.Handle}. */
public final class Handle {

    Handle() {}

    /** Keeps the callback from running; harmless when it has run or was cancelled before. */
    public void cancel() { throw new UnsupportedOperationException("not yet"); }

    /** Whether {@link #cancel} was called. */
    public boolean isCancelled() { throw new UnsupportedOperationException("not yet"); }
}
