// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.timeoutAt;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The body of a request as its handler sees it: with a time limit, and with the invitation to send it that some clients wait for. */
final class RequestBody implements Body {

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

    private final Body body;
    private final MessageWriter writer;
    private final Duration timeOut;

    /** Whether the client waits for a 100 (Continue) response before it sends the body (RFC 9110, section 10.1.1). */
    private boolean awaited;

    private double deadline = Double.NaN;
    private boolean ended;

    /** Why the body could not be read. Null if it could. */
    private @Nullable Exception failure;

    RequestBody(Body body, boolean awaited, MessageWriter writer, Duration timeOut) {
        this.body = body;
        this.awaited = awaited;
        this.writer = writer;
        this.timeOut = timeOut;
        this.ended = body == Body.EMPTY;
    }

    @Async
    @Override
    public Coroutine<Integer> read(ByteBuffer target) throws IOException {
        await(invite());
        if (Double.isNaN(deadline)) {
            deadline = getRunningLoop().time() + timeOut.toNanos() / 1e9;
        }
        try {
            int count = await(timeoutAt(deadline, limit -> body.read(target)));
            ended = count < 0;
            return Coroutine.of(count);
        } catch (TimeoutException slow) {
            BadMessageException late =
                    new BadMessageException(Status.REQUEST_TIMEOUT, "the body did not arrive in time");
            failure = late;
            throw late;
        } catch (Exception broken) {
            failure = broken;
            throw broken;
        }
    }

    @Async
    @Override
    public Coroutine<byte[]> readAll(int limit) throws IOException {
        try {
            return Coroutine.of(await(Body.super.readAll(limit)));
        } catch (BadMessageException tooLong) {
            failure = tooLong;
            throw tooLong;
        }
    }

    /** Whether {@code thrown} is the client's fault: it says why this body could not be read. */
    boolean hasCaused(Exception thrown) {
        return thrown == failure;
    }

    /** Sends the 100 (Continue) response if the client waits for it. */
    @Async
    Coroutine<Void> invite() throws IOException {
        if (awaited) {
            awaited = false;
            return writer.write(ByteBuffer.wrap(CONTINUE));
        }
        return Coroutine.done();
    }

    /**
     * Returns whether the client does not wait for an invitation. Otherwise the connection must end after the response: the client may send
     * the body or not, so that nobody knows where the next request begins.
     */
    boolean isInvited() {
        return !awaited;
    }

    /** Reads what the handler has left. Returns false if there are more than {@code limit} bytes, which are not worth it. */
    @Async
    Coroutine<Boolean> skip(int limit) throws IOException {
        if (ended) {
            return Coroutine.of(true);
        }
        ByteBuffer rest = ByteBuffer.allocate(8 << 10);
        int skipped = 0;
        while (skipped <= limit && await(read(rest)) >= 0) {
            skipped += rest.position();
            rest.clear();
        }
        return Coroutine.of(ended);
    }
}
