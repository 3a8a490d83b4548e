// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.MembershipKey;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends and receives datagrams: over UDP, or over any other {@link DatagramTransport}. Each one arrives whole, or not at all, in any order. One coroutine at a
 * time sends, and one receives; they may be two different ones. Corresponds to {@code create_datagram_endpoint}. The JDK has no Unix-domain datagrams.
 *
 * <p>Used on the thread of the loop on which it was made.
 */
public final class Datagram implements AutoCloseable {

    /** After so many datagrams without waiting, the rest of the loop runs. */
    private static final int MOST_WITHOUT_WAITING = 32;

    /** No datagram has more bytes. */
    private static final int LARGEST = 65_535;

    /** What the loop's datagrams are received in if the buffer of the program may be too small, so that it is known how long they are. */
    private static final class Scratch implements AutoCloseable {

        final ByteBuffer bytes = ByteBuffer.allocateDirect(LARGEST);

        static ByteBuffer of(LoopCore core) {
            Scratch known = core.resource(Scratch.class);
            if (known == null) {
                known = new Scratch();
                core.keep(Scratch.class, known);
            }
            return known.bytes.clear();
        }

        @Override
        public void close() {
            // The collector frees it.
        }
    }

    private final LoopCore core;
    private final DatagramTransport transport;

    /** The address to which this is connected, or null. */
    private final @Nullable SocketAddress remote;

    private boolean sending;
    private boolean receiving;
    private int sentWithoutWaiting;
    private int receivedWithoutWaiting;

    private Datagram(EventLoop loop, DatagramTransport transport) {
        this.core = LoopAccess.core(loop);
        this.transport = transport;
        this.remote = transport.remoteAddress();
    }

    // Making

    /**
     * Receives datagrams that are sent to {@code address}, an {@link InetSocketAddress}, and sends from there. Port 0 is any free one. The coroutine throws a {@link
     * BindException} if the address is in use or not of this machine, and an {@link UnknownHostException} if it is unresolved.
     *
     * @throws IllegalArgumentException if {@code address} is no address of the Internet
     */
    @CheckReturnValue
    public static Coroutine<Datagram> bind(SocketAddress address) throws IOException {
        return bind(address, DatagramOptions.DEFAULT);
    }

    /** As {@link #bind(SocketAddress)}, with {@code options}. */
    @CheckReturnValue
    public static Coroutine<Datagram> bind(SocketAddress address, DatagramOptions options) throws IOException {
        return bound(requireInternet(address), options);
    }

    /**
     * Sends datagrams to {@code address} and receives only those from there. The coroutine throws an {@link UnknownHostException} if the address is unresolved.
     *
     * @throws IllegalArgumentException if {@code address} is no address of the Internet
     */
    @CheckReturnValue
    public static Coroutine<Datagram> connect(SocketAddress address) throws IOException {
        return connect(address, DatagramOptions.DEFAULT);
    }

    /** As {@link #connect(SocketAddress)}, with {@code options}. */
    @CheckReturnValue
    public static Coroutine<Datagram> connect(SocketAddress address, DatagramOptions options) throws IOException {
        return connected(requireInternet(address), options);
    }

    /** Makes a datagram end of the running loop over {@code transport}. */
    public static Datagram over(DatagramTransport transport) {
        return new Datagram(Asyncio.getRunningLoop(), Objects.requireNonNull(transport, "transport"));
    }

    private static InetSocketAddress requireInternet(SocketAddress address) {
        if (Objects.requireNonNull(address, "address") instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new IllegalArgumentException("datagrams have addresses of the Internet, not " + address
                + (address instanceof UnixDomainSocketAddress
                        ? "; the JDK has no Unix-domain datagrams, but Net.serve and Net.connect have streams"
                        : ""));
    }

    @Async
    private static Coroutine<Datagram> bound(InetSocketAddress local, DatagramOptions options) throws IOException {
        requireResolved(local);
        return Coroutine.of(over(UdpTransport.bind(Asyncio.getRunningLoop(), local, options)));
    }

    @Async
    private static Coroutine<Datagram> connected(InetSocketAddress remote, DatagramOptions options) throws IOException {
        requireResolved(remote);
        return Coroutine.of(over(UdpTransport.connect(Asyncio.getRunningLoop(), remote, options)));
    }

    private static void requireResolved(SocketAddress address) throws UnknownHostException {
        if (address instanceof InetSocketAddress internet && internet.isUnresolved()) {
            throw Failures.unknownHost(internet.getHostString(), null);
        }
    }

    // Sending

    /**
     * Sends the remaining bytes of {@code source} as one datagram to {@code target}. Waits while the system has no room for it. That it has been sent does not mean that it arrives.
     *
     * <p>The coroutine throws a {@link SocketException} if the datagram is longer than the network allows: at most 65,507 bytes over IPv4.
     *
     * @throws IllegalArgumentException if {@code target} is no address of the Internet
     */
    @CheckReturnValue
    public Coroutine<Void> send(ByteBuffer source, SocketAddress target) throws IOException {
        return sendTo(Objects.requireNonNull(source, "source"), requireInternet(target));
    }

    /**
     * As {@link #send(ByteBuffer, SocketAddress)}, to the address to which this is connected. The coroutine throws a {@link PortUnreachableException} if the other machine has answered an
     * earlier datagram with that.
     *
     * @throws IllegalStateException if this is not connected
     */
    @CheckReturnValue
    public Coroutine<Void> send(ByteBuffer source) throws IOException {
        if (remote == null) {
            throw new IllegalStateException(
                    this + " is not connected; send to an address, or make it with Datagram.connect");
        }
        return sendTo(Objects.requireNonNull(source, "source"), remote);
    }

    @Async
    private Coroutine<Void> sendTo(ByteBuffer source, SocketAddress target) throws IOException {
        requireOpen();
        requireResolved(target);
        if (remote != null && !remote.equals(target)) {
            throw new IllegalStateException(this + " is connected, and cannot send to " + target
                    + "; make another one with Datagram.bind for that");
        }
        if (sending) {
            throw new IllegalStateException("send() called while another coroutine is already sending with " + this
                    + "; let one coroutine send, or hold a Lock while sending");
        }
        sending = true;
        try {
            if (++sentWithoutWaiting > MOST_WITHOUT_WAITING) {
                sentWithoutWaiting = 0;
                await(Asyncio.sleep(0));
            }
            while (!trySend(source, target)) {
                sentWithoutWaiting = 0;
                await(transport.writable());
            }
        } finally {
            sending = false;
        }
        return Coroutine.done();
    }

    private boolean trySend(ByteBuffer source, SocketAddress target) throws IOException {
        requireOpen();
        int size = source.remaining();
        try {
            return transport.send(source, target);
        } catch (PortUnreachableException failure) {
            throw Failures.unreachable(remote, failure);
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException failure) {
            throw Failures.send(size, target, failure);
        } catch (UnsupportedAddressTypeException unsuitable) {
            throw Failures.unsuitable("cannot send a datagram to", target, unsuitable);
        }
    }

    // Receiving

    /**
     * Waits for a datagram, puts its bytes into {@code target}, and returns the address of the sender. An empty datagram has no bytes. If this is cancelled, no datagram is lost.
     *
     * <p>The coroutine throws a {@link DatagramTruncatedException} if {@code target} has no room for all the bytes, and has put the first of them there. If this is connected, it throws a {@link
     * PortUnreachableException} if the other machine has answered a datagram with that.
     *
     * @throws IllegalArgumentException if {@code target} is read-only
     */
    @CheckReturnValue
    public Coroutine<SocketAddress> receive(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot receive into a read-only buffer");
        }
        return receiveInto(target);
    }

    @Async
    private Coroutine<SocketAddress> receiveInto(ByteBuffer target) throws IOException {
        requireOpen();
        if (receiving) {
            throw new IllegalStateException("receive() called while another coroutine is already receiving with " + this
                    + "; let one coroutine receive, and pass on what it has received");
        }
        receiving = true;
        try {
            if (++receivedWithoutWaiting > MOST_WITHOUT_WAITING) {
                receivedWithoutWaiting = 0;
                await(Asyncio.sleep(0));
            }
            SocketAddress sender = tryReceive(target);
            while (sender == null) {
                receivedWithoutWaiting = 0;
                await(transport.readable());
                sender = tryReceive(target);
            }
            return Coroutine.of(sender);
        } finally {
            receiving = false;
        }
    }

    private @Nullable SocketAddress tryReceive(ByteBuffer target) throws IOException {
        requireOpen();
        try {
            if (target.remaining() >= LARGEST) {
                return transport.receive(target);
            }
            ByteBuffer whole = Scratch.of(core);
            SocketAddress sender = transport.receive(whole);
            if (sender != null) {
                move(whole.flip(), target, sender);
            }
            return sender;
        } catch (PortUnreachableException failure) {
            throw Failures.unreachable(remote, failure);
        } catch (SocketException failure) { // of the system, without an address
            throw Failures.receive(localAddress(), failure);
        }
    }

    private static void move(ByteBuffer whole, ByteBuffer target, SocketAddress sender) throws IOException {
        int size = whole.remaining();
        int room = target.remaining();
        target.put(whole.limit(Math.min(size, room)));
        if (size > room) {
            throw new DatagramTruncatedException(sender, size, room);
        }
    }

    /**
     * Receives datagrams to the multicast {@code group} on {@code network}, too. {@link MembershipKey#drop} ends that.
     *
     * @throws IOException if the system refuses it
     * @throws UnsupportedOperationException if this is not a UDP socket
     */
    public MembershipKey join(InetAddress group, NetworkInterface network) throws IOException {
        requireOpen();
        return transport.join(group, network);
    }

    // Closing

    /** Closes this at once. Coroutines that send or receive get a {@link ConnectionClosedException}. Idempotent. */
    @Override
    public void close() {
        core.requireThread();
        transport.close();
    }

    /** Whether this is closed. */
    public boolean isClosed() {
        return !transport.isOpen();
    }

    private void requireOpen() throws IOException {
        core.requireThread();
        if (!transport.isOpen()) {
            throw new ConnectionClosedException(this + " is closed");
        }
    }

    /** Returns the address of this end, or null if it is closed. */
    public @Nullable SocketAddress localAddress() {
        return transport.localAddress();
    }

    /** Returns the address to which this is connected, or null. */
    public @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public String toString() {
        return "<Datagram " + (isClosed() ? "closed" : Failures.text(localAddress()))
                + (remote == null ? ">" : " to " + Failures.text(remote) + ">");
    }
}
