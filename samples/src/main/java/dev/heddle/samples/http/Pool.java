// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.timeout;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import dev.heddle.TimerHandle;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Semaphore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The connections to one server: a limited number in use, and those that wait for their next request. */
final class Pool {

    /** How long, in seconds, a connection waits for its next request. */
    private static final double MOST_IDLE = 30;

    /** A connection that has been waiting for its next request since a time of the loop. */
    private record Idle(Connection connection, double since) {}

    private final Origin origin;
    private final Semaphore permits;

    /** The connections that wait, those that have waited longest first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    /** Closes the connection that has waited longest when its time has come. Null if none waits. */
    private @Nullable TimerHandle expiry;

    private boolean closed;

    Pool(Origin origin, int connections) {
        this.origin = origin;
        this.permits = new Semaphore(connections);
    }

    /** Waits until a connection may be used, and prefers one that is open already. */
    @Async
    Coroutine<Lease> take() throws IOException {
        Lock.Held permit = await(permits.acquire());
        try {
            Connection open = await(takeIdle());
            Connection connection = open == null ? await(Net.connect(origin.address(), origin.port())) : open;
            if (closed) {
                connection.close();
                throw new IllegalStateException("the client was closed while a request waited for a connection");
            }
            return Coroutine.of(new Lease(this, permit, connection, open != null));
        } catch (Throwable failure) {
            permit.close();
            throw failure;
        }
    }

    @Async
    private Coroutine<@Nullable Connection> takeIdle() {
        while (true) {
            Idle last = idle.pollLast();
            if (last == null) {
                return Coroutine.of(null);
            }
            boolean silent = await(isSilent(last.connection));
            // The first look may not ask the system, if the last read has left nothing. Then the second one does.
            if (silent && await(isSilent(last.connection))) {
                return Coroutine.of(last.connection);
            }
        }
    }

    /**
     * Whether {@code connection} has nothing to read. If it has, closes it: either the server has ended it, or the bytes would be taken for the
     * response to the next request.
     */
    @Async
    private static Coroutine<Boolean> isSilent(Connection connection) {
        boolean silent = false;
        try {
            await(timeout(Duration.ZERO, limit -> connection.read(ByteBuffer.allocate(1))));
        } catch (TimeoutException nothing) {
            silent = true;
        } catch (Exception broken) {
            // It cannot be used.
        } finally {
            if (!silent) {
                connection.close();
            }
        }
        return Coroutine.of(silent);
    }

    /** Takes a connection that may serve another request. */
    void add(Connection connection) {
        if (closed) {
            connection.close();
            return;
        }
        idle.addLast(new Idle(connection, getRunningLoop().time()));
        if (expiry == null) {
            expiry = getRunningLoop().callLater(MOST_IDLE, this::expire);
        }
    }

    private void expire() {
        expiry = null;
        double latest = getRunningLoop().time() - MOST_IDLE;
        while (!idle.isEmpty() && idle.getFirst().since <= latest) {
            idle.removeFirst().connection.close();
        }
        if (!idle.isEmpty()) {
            expiry = getRunningLoop().callAt(idle.getFirst().since + MOST_IDLE, this::expire);
        }
    }

    void close() {
        closed = true;
        if (expiry != null) {
            expiry.cancel();
        }
        idle.forEach(each -> each.connection.close());
        idle.clear();
    }
}
