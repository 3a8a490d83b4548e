// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import dev.heddle.net.Connection;
import dev.heddle.sync.Lock;

/** The use of a connection of a {@link Pool} for one request and its response. */
final class Lease {

    private final Pool pool;
    private final Lock.Held permit;
    private final Connection connection;

    /** Whether the connection has served another request before. */
    private final boolean reused;

    /** Whether the connection ends after this response. */
    private boolean last;

    private boolean ended;

    Lease(Pool pool, Lock.Held permit, Connection connection, boolean reused) {
        this.pool = pool;
        this.permit = permit;
        this.connection = connection;
        this.reused = reused;
    }

    Connection connection() {
        return connection;
    }

    boolean isReused() {
        return reused;
    }

    void isLast() {
        last = true;
    }

    /** Returns the connection to the pool: the response has been read to its end. */
    void end() {
        if (last) {
            abort();
        } else if (!ended) {
            ended = true;
            pool.add(connection);
            permit.close();
        }
    }

    /** Closes the connection, whose state is unknown. Does nothing if this has ended. */
    void abort() {
        if (!ended) {
            ended = true;
            connection.close();
            permit.close();
        }
    }
}
