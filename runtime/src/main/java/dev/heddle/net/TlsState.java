// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Says whether a TLS connection can be used. */
final class TlsState {

    final TlsFailures failures;

    private final SSLEngine engine;
    private final Transport below;

    private boolean established;
    private boolean closed;

    /** The reason why the connection cannot be used any more. Null if it can. */
    private @Nullable IOException failure;

    /** The state of the connection that {@code engine} encrypts, over {@code below}. */
    TlsState(SSLEngine engine, Transport below, TlsFailures failures) {
        this.engine = engine;
        this.below = below;
        this.failures = failures;
    }

    /** Whether the first handshake has succeeded. */
    boolean isEstablished() {
        return established;
    }

    void establish() {
        established = true;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Lets all operations that follow throw {@code cause}. The first failure counts. */
    void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    void requireOpen() throws IOException {
        if (closed) {
            throw new ConnectionClosedException(this + " is closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public String toString() {
        return (established ? engine.getSession().getProtocol() : "TLS") + " over " + below;
    }
}
