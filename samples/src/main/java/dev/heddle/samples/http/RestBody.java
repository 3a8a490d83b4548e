// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.net.ReadStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The body of a response without a length: it ends with the connection. */
final class RestBody implements Body {

    private final ReadStream stream;
    private final long limit;
    private long total;
    private boolean ended;

    /** Reads at most {@code limit} bytes. */
    RestBody(ReadStream stream, long limit) {
        this.stream = stream;
        this.limit = limit;
    }

    @Async
    @Override
    public Coroutine<Integer> read(ByteBuffer target) throws IOException {
        if (ended) {
            return Coroutine.of(-1);
        }
        int count = await(stream.read(target));
        ended = count < 0;
        total += Math.max(count, 0);
        if (total > limit) {
            throw new BadMessageException(Status.CONTENT_TOO_LARGE, "the body is longer than " + limit + " bytes");
        }
        return Coroutine.of(count);
    }
}
