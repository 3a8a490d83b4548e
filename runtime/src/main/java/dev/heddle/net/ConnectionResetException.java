// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by an operation of a connection that the other side, or the network, has broken off: it was reset, or the other side does not take what is
 * written any more. What was written before may not have arrived. Corresponds to Python's {@code ConnectionResetError} and {@code BrokenPipeError}.
 */
public final class ConnectionResetException extends SocketException {

    private static final long serialVersionUID = 1;

    /** Called by transports, with what has happened and, if that is known, its cause. */
    public ConnectionResetException(String message, @Nullable IOException cause) {
        super(message);
        initCause(cause);
    }
}
