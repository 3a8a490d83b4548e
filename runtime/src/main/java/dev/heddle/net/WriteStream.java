// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A destination of bytes. One coroutine at a time writes; a second one gets an {@code IllegalStateException}. Corresponds to {@code
 * asyncio.StreamWriter}, whose {@code drain} is not needed.
 *
 * <p>The methods declare an {@link IOException} because their coroutines throw it at the await. The calls themselves do not throw it.
 */
public interface WriteStream {

    /**
     * Writes the remaining bytes of {@code source}, and waits until the system has accepted them, or until they are in a small buffer that is emptied in
     * the next turn of the loop: small writes of one turn are sent together. A slow receiver therefore makes the writer wait. If the wait is cancelled,
     * the position of {@code source} tells how much has been written.
     */
    @CheckReturnValue
    Coroutine<Void> write(ByteBuffer source) throws IOException;

    /** As {@link #write(ByteBuffer)}. {@code source} must not change until the coroutine has ended. */
    @CheckReturnValue
    Coroutine<Void> write(byte[] source) throws IOException;

    /** As {@link #write(byte[])}. Writes {@code text} in UTF-8, and adds no line end. */
    @CheckReturnValue
    default Coroutine<Void> write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the stream once everything is written, so that the receiver finds its end. Idempotent. Corresponds to {@code write_eof}. */
    @CheckReturnValue
    Coroutine<Void> shutdownOutput() throws IOException;
}
