// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

/**
 * An iterator that may have to wait for its next element. Corresponds to an asynchronous iterator of Python; the loop is that of {@code async for}:
 *
 * <pre>{@code
 * while (await(rows.hasNext())) {
 *     print(rows.next());
 * }
 * }</pre>
 *
 * <p>Close an iterator that is not read to its end. Use it in one task at a time, on the thread of the loop.
 *
 * @param <T> the type of the elements
 */
public interface AsyncIterator<T> extends AsyncCloseable {

    /**
     * Waits until it is known whether there is a next element. The result is false at the end, and always after that. Calling it again before {@link #next} has
     * no effect. A cancelled wait loses no element. A failure of the source is thrown once; the iterator is then at its end.
     *
     * @throws IllegalStateException if another task waits already
     */
    @CheckReturnValue
    Coroutine<Boolean> hasNext();

    /**
     * Returns the element that {@link #hasNext} has found, without a wait.
     *
     * @throws java.util.NoSuchElementException if the last {@code hasNext} did not return true, or its element has been returned
     */
    T next();
}
