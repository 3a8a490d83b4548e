// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;
import java.net.SocketAddress;

/** Thrown when a datagram is longer than the buffer that receives it. The buffer has its beginning. The rest is lost. */
public final class DatagramTruncatedException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient SocketAddress sender;
    private final int size;

    DatagramTruncatedException(SocketAddress sender, int size, int room) {
        super("a datagram from " + Failures.text(sender) + " has " + size + " bytes, but the buffer had room for "
                + room + " only; a buffer of 65,535 bytes has room for every datagram");
        this.sender = sender;
        this.size = size;
    }

    /** Returns the address of the sender. */
    public SocketAddress sender() {
        return sender;
    }

    /** Returns how many bytes the datagram had. */
    public int size() {
        return size;
    }
}
