package dev.heddle;

import java.io.IOException;
import java.util.List;

/**
 * A coroutine that a loop runs, Python's {@code asyncio.Task}.
 *
 * @param <T> the type of the result
 */
public final class Task<T> extends Future<T> {

    Task() {}

    /** The name. */
    public String name() { throw new UnsupportedOperationException("not yet"); }

    /** Names this. */
    public void setName(String name) { throw new UnsupportedOperationException("not yet"); }

    /** The coroutine. */
    public Coroutine<T> coroutine() { throw new UnsupportedOperationException("not yet"); }

    /** How many cancellations are requested. */
    public int cancelling() { throw new UnsupportedOperationException("not yet"); }

    /** Takes one request back. */
    public int uncancel() { throw new UnsupportedOperationException("not yet"); }

    /** Where this stands. */
    public List<StackTraceElement> stack() { throw new UnsupportedOperationException("not yet"); }

    /**
     * Writes the stack.
     *
     * @throws IOException as {@code target} does
     */
    public void printStack(Appendable target) throws IOException { throw new UnsupportedOperationException("not yet"); }
}
