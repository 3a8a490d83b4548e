// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A response that a client has received. Its body arrives while it is read. Read it to the end or call {@link #close}: until then it occupies a
 * connection.
 */
public final class ClientResponse implements Body, AutoCloseable {

    private final int status;
    private final Headers headers;
    private final Body body;
    private final Lease lease;

    /** {@code lease} is the use of the connection that delivers {@code body}. */
    ClientResponse(int status, Headers headers, Body body, Lease lease) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.lease = lease;
    }

    /** Returns the status code, for example 200. */
    public int status() {
        return status;
    }

    public Headers headers() {
        return headers;
    }

    @Async
    @Override
    public Coroutine<Integer> read(ByteBuffer target) throws IOException {
        int count = await(body.read(target));
        if (count < 0) {
            lease.end();
        }
        return Coroutine.of(count);
    }

    /** Gives up the rest of the body, and with it the connection. Does nothing at the end of the body. */
    @Override
    public void close() {
        lease.abort();
    }
}
