// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import org.jspecify.annotations.Nullable;

/**
 * The options of a new {@link Datagram}.
 *
 * @param reuseAddress whether several sockets may have the address, as multicast needs it
 * @param broadcast whether datagrams may be sent to broadcast addresses
 * @param receiveBuffer how many bytes the system keeps for this program to receive, or null for the system's default
 * @param sendBuffer how many bytes the system keeps of those that are sent, or null for the system's default
 */
public record DatagramOptions(
        boolean reuseAddress,
        boolean broadcast,
        @Nullable Integer receiveBuffer,
        @Nullable Integer sendBuffer) {

    /** The system's defaults. */
    public static final DatagramOptions DEFAULT = new DatagramOptions(false, false, null, null);

    /** Returns these options with {@code reuseAddress}. */
    public DatagramOptions withReuseAddress(boolean reuseAddress) {
        return new DatagramOptions(reuseAddress, broadcast, receiveBuffer, sendBuffer);
    }

    /** Returns these options with {@code broadcast}. */
    public DatagramOptions withBroadcast(boolean broadcast) {
        return new DatagramOptions(reuseAddress, broadcast, receiveBuffer, sendBuffer);
    }

    /** Returns these options with a receive buffer of {@code bytes}. */
    public DatagramOptions withReceiveBuffer(int bytes) {
        return new DatagramOptions(reuseAddress, broadcast, bytes, sendBuffer);
    }

    /** Returns these options with a send buffer of {@code bytes}. */
    public DatagramOptions withSendBuffer(int bytes) {
        return new DatagramOptions(reuseAddress, broadcast, receiveBuffer, bytes);
    }
}
