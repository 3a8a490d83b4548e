// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The body of a received message, which is read while it arrives. */
@FunctionalInterface
public interface Body {

    /** The body of a message that has none. */
    Body EMPTY = target -> Coroutine.of(-1);

    /** Moves the next bytes into {@code target}, which has room, and returns their number; -1 at the end. */
    Coroutine<Integer> read(ByteBuffer target) throws IOException;

    /** Reads to the end. Throws a {@link BadMessageException} if there are more than {@code limit} bytes. */
    @Async
    default Coroutine<byte[]> readAll(int limit) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(8 << 10);
        while (await(read(part)) >= 0) {
            bytes.write(part.array(), 0, part.position());
            if (bytes.size() > limit) {
                throw new BadMessageException(Status.CONTENT_TOO_LARGE, "the body is longer than " + limit + " bytes");
            }
            part.clear();
        }
        return Coroutine.of(bytes.toByteArray());
    }
}
