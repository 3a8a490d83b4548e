package dev.heddle;

/** A callback that an {@link EventLoop} is going to run at a given time, Python's {@code asyncio.TimerHandle}. */
public final class TimerHandle {

    TimerHandle() {}

    /** Keeps the callback from running; harmless when it has run or was cancelled before. */
    public void cancel() { throw new UnsupportedOperationException("not yet"); }

    /** Whether {@link #cancel} was called. */
    public boolean isCancelled() { throw new UnsupportedOperationException("not yet"); }

    /** When the callback is due, in seconds of {@link EventLoop#time}. */
    public double when() { throw new UnsupportedOperationException("not yet"); }
}
