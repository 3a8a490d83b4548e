// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.net.ReadStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A body of a length that is known in advance, from {@code Content-Length} or from the beginning of a chunk. */
final class LengthBody implements Body {

    private final ReadStream stream;
    private long remaining;

    LengthBody(ReadStream stream, long length) {
        this.stream = stream;
        this.remaining = length;
    }

    @Async
    @Override
    public Coroutine<Integer> read(ByteBuffer target) throws IOException {
        if (remaining == 0) {
            return Coroutine.of(-1);
        }
        int limit = target.limit();
        if (remaining < target.remaining()) {
            target.limit(target.position() + (int) remaining);
        }
        int count;
        try {
            count = await(stream.read(target));
        } finally {
            target.limit(limit);
        }
        if (count < 0) {
            throw new EOFException("the connection ended " + remaining + " bytes before the end of the body");
        }
        remaining -= count;
        return Coroutine.of(count);
    }

    boolean isRead() {
        return remaining == 0;
    }
}
