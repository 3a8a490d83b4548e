// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.net.ProtocolException;

/** Thrown when a message breaks the rules of HTTP, exceeds a limit, or arrives too slowly. */
public final class BadMessageException extends ProtocolException {

    private static final long serialVersionUID = 1;

    private final Status status;

    BadMessageException(Status status, String message) {
        super(message);
        this.status = status;
    }

    /** Returns the status with which a server answers such a request. */
    public Status status() {
        return status;
    }
}
