// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.MembershipKey;
import org.jspecify.annotations.Nullable;

/**
 * Moves the datagrams of a {@link Datagram}, without ever blocking. UDP sockets and the ends of a network in memory are transports; a program extends this
 * class to have datagrams over something else. All addresses are {@link java.net.InetSocketAddress}es. {@link Datagram} checks the thread and the arguments,
 * and adds the addresses to the messages of failures. At most one coroutine at a time sends, and at most one receives.
 *
 * <p>Used on the loop's thread.
 */
public abstract class DatagramTransport {

    /** Called by subclasses. */
    protected DatagramTransport() {}

    /**
     * Takes all the bytes of {@code source} as one datagram to {@code target}, or none of them. If this is connected, {@code target} is
     * {@link #remoteAddress}.
     *
     * @return whether the datagram was taken; if not, {@link #writable} has to be awaited first
     * @throws PortUnreachableException if this is connected, and nobody receives an earlier datagram
     * @throws IOException if the datagram cannot be sent
     */
    protected abstract boolean send(ByteBuffer source, SocketAddress target) throws IOException;

    /** Waits until {@link #send} may take a datagram. The wait may end early; the caller then tries again. When this transport is closed, the wait ends. */
    @CheckReturnValue
    protected abstract Coroutine<Void> writable();

    /**
     * Puts the bytes of the next datagram into {@code target}, which has room for any datagram: for 65,535 bytes.
     *
     * @return the address of the sender; null if there is no datagram yet
     * @throws PortUnreachableException if this is connected, and nobody receives a datagram that was sent
     * @throws IOException if the transport has failed
     */
    protected abstract @Nullable SocketAddress receive(ByteBuffer target) throws IOException;

    /** Waits until {@link #receive} may return an address. The wait may end early; the caller then tries again. When this transport is closed, the wait ends. */
    @CheckReturnValue
    protected abstract Coroutine<Void> readable();

    /**
     * Receives datagrams to the multicast {@code group} on {@code network}, too.
     *
     * @throws UnsupportedOperationException if this transport has no groups, which is the default
     * @throws IOException if the system refuses it
     */
    protected MembershipKey join(InetAddress group, NetworkInterface network) throws IOException {
        throw new UnsupportedOperationException(this + " has no multicast groups; only UDP has them");
    }

    /** Whether this transport is not closed yet. */
    protected abstract boolean isOpen();

    /** Closes this transport at once. Coroutines that wait for it continue. Idempotent. */
    protected abstract void close();

    /** Returns the address of this end, or null if it is closed, or has none. */
    protected abstract @Nullable SocketAddress localAddress();

    /** Returns the address to which this is connected, or null. It never changes. */
    protected @Nullable SocketAddress remoteAddress() {
        return null;
    }
}
