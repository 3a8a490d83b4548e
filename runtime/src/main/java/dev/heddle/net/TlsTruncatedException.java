// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import javax.net.ssl.SSLException;

/**
 * Thrown by a read if the input of a TLS connection ends without the closing message ({@code close_notify}). Somebody between the two sides may have
 * cut the stream, so the end cannot be trusted: a protocol whose messages do not say how long they are must treat it as a failure. Some programs
 * never send the closing message; a protocol that knows where its messages end may ignore this exception.
 */
public final class TlsTruncatedException extends SSLException {

    private static final long serialVersionUID = 1;

    TlsTruncatedException(String message) {
        super(message);
    }
}
