// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.IOException;

/** The load of a variant of the row. */
enum Variant {
    HUNDRED("connections=100", 100, 1024, false),
    ONE("connections=1", 1, 1024, false),
    LARGE("connections=10,100K", 10, 100 * 1024, false),
    TLS("connections=100,tls", 100, 1024, true);

    /** The mark, in a server's command, for the word {@code tcp} or {@code tls}. */
    static final String TRANSPORT = "<transport>";

    private final String label;
    private final int connections;
    private final int bytes;
    private final boolean tls;

    Variant(String label, int connections, int bytes, boolean tls) {
        this.label = label;
        this.connections = connections;
        this.bytes = bytes;
        this.tls = tls;
    }

    /** The variant in the row's lines. */
    String label() {
        return label;
    }

    /** The word for its servers: {@code tcp} or {@code tls}. */
    String transport() {
        return tls ? "tls" : "tcp";
    }

    /** Connects to a server. */
    Load connect(int port, Certificate certificate) throws IOException {
        return tls
                ? new TlsLoad(port, connections, bytes, certificate.forClient())
                : new SelectorLoad(port, connections, bytes);
    }
}
