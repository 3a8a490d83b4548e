// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that arrive over time. One coroutine at a time reads; a second one gets an {@code IllegalStateException}. A read that is cancelled or times
 * out loses no byte: the next read returns them. Corresponds to {@code asyncio.StreamReader}.
 *
 * <p>The methods declare an {@link IOException} because their coroutines throw it at the await. The calls themselves do not throw it.
 */
public interface ReadStream {

    /**
     * Waits until there are bytes, and moves as many as there are into {@code target}. Returns their number, or -1 at the end of the stream; 0 only if
     * {@code target} is full. The bytes go into {@code target} without a copy. Corresponds to {@code read(n)}.
     */
    @CheckReturnValue
    Coroutine<Integer> read(ByteBuffer target) throws IOException;

    /**
     * Reads exactly {@code count} bytes. Corresponds to {@code readexactly}.
     *
     * <p>The coroutine throws an {@link IncompleteReadException} if the stream ends before; the exception has the bytes.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     */
    @CheckReturnValue
    Coroutine<byte[]> readExactly(int count) throws IOException;

    /**
     * Reads up to the next {@code separator}, and returns the bytes with it. Corresponds to {@code readuntil}.
     *
     * <p>The coroutine throws an {@link IncompleteReadException} if the stream ends before; the exception has the bytes. It throws a {@link
     * LimitExceededException} if there are more bytes before the separator than the stream's limit allows; they stay in the stream.
     *
     * @throws IllegalArgumentException if {@code separator} is empty
     */
    @CheckReturnValue
    Coroutine<byte[]> readUntil(byte[] separator) throws IOException;

    /**
     * Reads a line of UTF-8 text that ends with {@code \n} or {@code \r\n}, and returns it without that. The last line may have no end. Returns null at
     * the end of the stream. Malformed UTF-8 is replaced by U+FFFD. Corresponds to {@code readline}.
     *
     * <p>The coroutine throws a {@link LimitExceededException} if the line is longer than the stream's limit allows. It stays in the stream, unlike in
     * asyncio, which drops what has arrived of it and takes the rest for a line.
     */
    @CheckReturnValue
    Coroutine<@Nullable String> readLine() throws IOException;

    /**
     * Reads to the end of the stream. Corresponds to {@code read(-1)}, with a limit.
     *
     * <p>The coroutine throws a {@link LimitExceededException} if there are more than {@code limit} bytes; they stay in the stream.
     *
     * @throws IllegalArgumentException if {@code limit} is negative
     */
    @CheckReturnValue
    Coroutine<byte[]> readAll(int limit) throws IOException;
}
