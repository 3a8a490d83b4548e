// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;

/**
 * Thrown when a line, the bytes before a separator, or the rest of a stream is longer than allowed. The bytes stay in the stream. Corresponds to {@code
 * asyncio.LimitOverrunError}.
 */
public final class LimitExceededException extends IOException {

    private static final long serialVersionUID = 1;

    private final int limit;

    LimitExceededException(String stream, String what, int limit) {
        super(what + " from " + stream + " is longer than the limit of " + limit
                + " bytes; close the connection, or set a higher limit");
        this.limit = limit;
    }

    /** Returns the limit, in bytes. */
    public int limit() {
        return limit;
    }
}
