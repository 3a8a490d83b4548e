package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.io.Pollable;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends and receives UDP datagrams. Each one arrives whole, or not at all, in any order. One coroutine at a time sends, and one receives; they may be two different
 * ones. Corresponds to {@code create_datagram_endpoint}. The JDK has no Unix-domain datagrams.
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
    private final DatagramChannel channel;
    private final Pollable pollable;

    /** The address to which this is connected, or null. */
    private final @Nullable SocketAddress remote;

    private boolean sending;
    private boolean receiving;
    private int sentWithoutWaiting;
    private int receivedWithoutWaiting;

    private Datagram(EventLoop loop, DatagramChannel channel, Pollable pollable, @Nullable SocketAddress remote) {
        this.core = LoopAccess.core(loop);
        this.channel = channel;
        this.pollable = pollable;
        this.remote = remote;
    }

    // Making

    /**
     * Receives datagrams that are sent to {@code address}, an {@link InetSocketAddress}, and sends from there. Port 0 is any free one. The coroutine throws a {@link
     * BindException} if the address is in use or not of this machine, and an {@link UnknownHostException} if it is unresolved.
     *
     * @throws IllegalArgumentException if {@code address} is no address of the Internet
     */
    public static Coroutine<Datagram> bind(SocketAddress address) throws IOException {
        return bind(address, DatagramOptions.DEFAULT);
    }

    /** As {@link #bind(SocketAddress)}, with {@code options}. */
    public static Coroutine<Datagram> bind(SocketAddress address, DatagramOptions options) throws IOException {
        return open(requireInternet(address), null, options);
    }

    /**
     * Sends datagrams to {@code address} and receives only those from there. The coroutine throws an {@link UnknownHostException} if the address is unresolved.
     *
     * @throws IllegalArgumentException if {@code address} is no address of the Internet
     */
    public static Coroutine<Datagram> connect(SocketAddress address) throws IOException {
        return connect(address, DatagramOptions.DEFAULT);
    }

    /** As {@link #connect(SocketAddress)}, with {@code options}. */
    public static Coroutine<Datagram> connect(SocketAddress address, DatagramOptions options) throws IOException {
        return open(null, requireInternet(address), options);
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
    private static Coroutine<Datagram> open(
            @Nullable InetSocketAddress local, @Nullable InetSocketAddress remote, DatagramOptions options)
            throws IOException {
        EventLoop loop = Asyncio.getRunningLoop();
        InetAddress address = requireResolved(remote == null ? Objects.requireNonNull(local) : remote);
        DatagramChannel channel;
        Pollable pollable;
        try {
            channel = DatagramChannel.open(family(address));
            pollable = Pollable.of(loop, channel);
        } catch (IOException failure) {
            throw Failures.noSocket("cannot send or receive datagrams", failure);
        }
        try {
            set(options, channel);
            if (local != null) {
                bind(channel, local);
            } else if (remote != null) {
                connect(channel, remote);
            }
            return Coroutine.of(new Datagram(loop, channel, pollable, remote));
        } catch (Throwable failure) {
            pollable.close();
            throw failure;
        }
    }

    private static InetAddress requireResolved(InetSocketAddress address) throws UnknownHostException {
        InetAddress resolved = address.getAddress();
        if (resolved == null) {
            throw Failures.unknownHost(address.getHostString(), null);
        }
        return resolved;
    }

    private static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    private static void set(DatagramOptions options, DatagramChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
        channel.setOption(StandardSocketOptions.SO_BROADCAST, options.broadcast());
        if (options.receiveBuffer() != null) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
        if (options.sendBuffer() != null) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
        }
    }

    private static void bind(DatagramChannel channel, SocketAddress local) throws IOException {
        try {
            channel.bind(local);
        } catch (IOException failure) {
            throw Failures.bind(local, failure);
        }
    }

    private static void connect(DatagramChannel channel, SocketAddress remote) throws IOException {
        try {
            channel.connect(remote);
        } catch (SocketException failure) {
            throw explained(
                    new SocketException(
                            "cannot send datagrams to " + Failures.text(remote) + ": " + failure.getMessage()),
                    failure);
        }
    }

    private static <X extends IOException> X explained(X better, IOException cause) {
        better.initCause(cause);
        return better;
    }

    // Sending

    /**
     * Sends the remaining bytes of {@code source} as one datagram to {@code target}. Waits while the system has no room for it. That it has been sent does not mean that it arrives.
     *
     * <p>The coroutine throws a {@link SocketException} if the datagram is longer than the network allows: at most 65,507 bytes over IPv4.
     *
     * @throws IllegalArgumentException if {@code target} is no address of the Internet
     */
    public Coroutine<Void> send(ByteBuffer source, SocketAddress target) throws IOException {
        return sendTo(Objects.requireNonNull(source, "source"), requireInternet(target));
    }

    /**
     * As {@link #send(ByteBuffer, SocketAddress)}, to the address to which this is connected. The coroutine throws a {@link PortUnreachableException} if the other machine has answered an
     * earlier datagram with that.
     *
     * @throws IllegalStateException if this is not connected
     */
    public Coroutine<Void> send(ByteBuffer source) throws IOException {
        if (remote == null) {
            throw new IllegalStateException(
                    this + " is not connected; send to an address, or make it with Datagram.connect");
        }
        return sendTo(Objects.requireNonNull(source, "source"), (InetSocketAddress) remote);
    }

    @Async
    private Coroutine<Void> sendTo(ByteBuffer source, InetSocketAddress target) throws IOException {
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
            boolean empty = !source.hasRemaining(); // one that was sent looks like one that was not
            while (trySend(source, target) == 0 && !empty) {
                sentWithoutWaiting = 0;
                await(pollable.writable());
            }
        } finally {
            sending = false;
        }
        return Coroutine.done();
    }

    private int trySend(ByteBuffer source, SocketAddress target) throws IOException {
        requireOpen();
        int size = source.remaining();
        try {
            return remote == null ? channel.send(source, target) : channel.write(source);
        } catch (PortUnreachableException failure) {
            throw unreachable(failure);
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException failure) {
            throw explained(
                    new SocketException("cannot send a datagram of " + size + " bytes to " + Failures.text(target)
                            + ": " + failure.getMessage()),
                    failure);
        }
    }

    private PortUnreachableException unreachable(PortUnreachableException failure) {
        return explained(
                new PortUnreachableException("port unreachable: nobody receives datagrams at " + Failures.text(remote)
                        + "; start the program there, or check the address"),
                failure);
    }

    // Receiving

    /**
     * Waits for a datagram, puts its bytes into {@code target}, and returns the address of the sender. An empty datagram has no bytes. If this is cancelled, no datagram is lost.
     *
     * <p>The coroutine throws a {@link DatagramTruncatedException} if {@code target} has no room for all the bytes, and has put the first of them there. If this is connected, it throws a {@link
     * PortUnreachableException} if the other machine has answered a datagram with that.
     */
    @Async
    public Coroutine<SocketAddress> receive(ByteBuffer target) throws IOException {
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
                await(pollable.readable());
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
                return channel.receive(target);
            }
            ByteBuffer whole = Scratch.of(core);
            SocketAddress sender = channel.receive(whole);
            if (sender != null) {
                move(whole.flip(), target, sender);
            }
            return sender;
        } catch (PortUnreachableException failure) {
            throw unreachable(failure);
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
     */
    public MembershipKey join(InetAddress group, NetworkInterface network) throws IOException {
        requireOpen();
        return channel.join(group, network);
    }

    // Closing

    /** Closes this at once. Coroutines that send or receive get a {@link ConnectionClosedException}. Idempotent. */
    @Override
    public void close() {
        core.requireThread();
        try {
            pollable.close();
        } catch (IOException failure) { // the descriptor is free all the same
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether this is closed. */
    public boolean isClosed() {
        return !channel.isOpen();
    }

    private void requireOpen() throws IOException {
        core.requireThread();
        if (!channel.isOpen()) {
            throw new ConnectionClosedException(this + " is closed");
        }
    }

    /** Returns the address of this end, or null if it is closed. */
    public @Nullable SocketAddress localAddress() {
        try {
            return channel.getLocalAddress();
        } catch (IOException closed) {
            return null;
        }
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
