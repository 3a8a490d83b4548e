// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.EOFException;

/** Thrown when a stream ends before the requested bytes have arrived. Corresponds to {@code asyncio.IncompleteReadError}. */
public final class IncompleteReadException extends EOFException {

    private static final long serialVersionUID = 1;

    /** The bytes that arrived before the end. */
    private final byte[] partial;

    /** The requested number of bytes, or -1. */
    private final int expected;

    /** {@code expected} is -1 if a separator was expected. */
    IncompleteReadException(String stream, byte[] partial, int expected) {
        super(stream + " ended after " + partial.length + " bytes, "
                + (expected < 0 ? "before the separator" : "of " + expected + " that were expected"));
        this.partial = partial;
        this.expected = expected;
    }

    /** Returns the bytes that arrived before the end. */
    public byte[] partial() {
        return partial.clone();
    }

    /** Returns the requested number of bytes, or -1 if a separator was awaited. */
    public int expected() {
        return expected;
    }
}
