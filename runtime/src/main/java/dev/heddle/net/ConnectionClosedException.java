// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.nio.channels.ClosedChannelException;

/** Thrown by an operation of a connection that this program has closed, or of which it has ended the output. */
public final class ConnectionClosedException extends ClosedChannelException {

    private static final long serialVersionUID = 1;

    private final String message;

    ConnectionClosedException(String message) {
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
