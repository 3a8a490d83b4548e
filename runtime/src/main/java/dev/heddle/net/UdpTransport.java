// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import org.jspecify.annotations.Nullable;

/** A UDP socket. */
final class UdpTransport extends DatagramTransport {

    private final DatagramChannel channel;
    private final Pollable pollable;
    private final @Nullable SocketAddress remote;

    private UdpTransport(DatagramChannel channel, Pollable pollable, @Nullable SocketAddress remote) {
        this.channel = channel;
        this.pollable = pollable;
        this.remote = remote;
    }

    /** Opens a socket that receives at {@code local}, which is resolved. */
    static UdpTransport bind(EventLoop loop, InetSocketAddress local, DatagramOptions options) throws IOException {
        UdpTransport transport = open(loop, local, null, options);
        try {
            transport.channel.bind(local);
        } catch (IOException failure) {
            transport.close();
            throw Failures.bind(local, failure);
        } catch (Throwable failure) {
            transport.close();
            throw failure;
        }
        return transport;
    }

    /** Opens a socket that is connected to {@code remote}, which is resolved. */
    static UdpTransport connect(EventLoop loop, InetSocketAddress remote, DatagramOptions options) throws IOException {
        UdpTransport transport = open(loop, remote, remote, options);
        try {
            transport.channel.connect(remote);
        } catch (SocketException failure) {
            transport.close();
            throw Failures.connectDatagrams(remote, failure);
        } catch (Throwable failure) {
            transport.close();
            throw failure;
        }
        return transport;
    }

    /** Opens a socket of the family of {@code address}. */
    private static UdpTransport open(
            EventLoop loop, InetSocketAddress address, @Nullable SocketAddress remote, DatagramOptions options)
            throws IOException {
        UdpTransport transport;
        try {
            DatagramChannel channel = DatagramChannel.open(family(address.getAddress()));
            transport = new UdpTransport(channel, Pollable.of(loop, channel), remote);
        } catch (IOException failure) {
            throw Failures.noSocket("cannot send or receive datagrams", failure);
        }
        try {
            transport.set(options);
        } catch (Throwable failure) {
            transport.close();
            throw failure;
        }
        return transport;
    }

    private static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    private void set(DatagramOptions options) throws IOException {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
        channel.setOption(StandardSocketOptions.SO_BROADCAST, options.broadcast());
        if (options.receiveBuffer() != null) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
        if (options.sendBuffer() != null) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
        }
    }

    @Override
    protected boolean send(ByteBuffer source, SocketAddress target) throws IOException {
        if (source.hasRemaining()) {
            return (remote == null ? channel.send(source, target) : channel.write(source)) > 0;
        }
        if (remote == null) {
            channel.send(source, target); // returns 0 whether it is sent or not
        } else {
            sendEmpty(remote);
        }
        return true;
    }

    /**
     * The JDK sends no empty datagram from a connected socket, so a second socket with the same address sends it. Datagrams that arrive meanwhile still reach the
     * connected socket, because the system prefers it. Fails where the system does not let two sockets have the address.
     */
    private void sendEmpty(SocketAddress target) throws IOException {
        boolean shared = channel.getOption(StandardSocketOptions.SO_REUSEADDR);
        try (DatagramChannel second = DatagramChannel.open(family(((InetSocketAddress) target).getAddress()))) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            second.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            second.setOption(StandardSocketOptions.SO_BROADCAST, channel.getOption(StandardSocketOptions.SO_BROADCAST));
            second.bind(channel.getLocalAddress());
            second.send(ByteBuffer.allocate(0), target);
        } finally {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, shared);
        }
    }

    @Override
    protected Coroutine<Void> writable() {
        return pollable.writable();
    }

    @Override
    protected @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
        return channel.receive(target);
    }

    @Override
    protected Coroutine<Void> readable() {
        return pollable.readable();
    }

    @Override
    protected MembershipKey join(InetAddress group, NetworkInterface network) throws IOException {
        return channel.join(group, network);
    }

    @Override
    protected boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    protected void close() {
        try {
            pollable.close();
        } catch (IOException failure) { // the descriptor is free all the same
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    protected @Nullable SocketAddress localAddress() {
        try {
            return channel.getLocalAddress();
        } catch (IOException closed) {
            return null;
        }
    }

    @Override
    protected @Nullable SocketAddress remoteAddress() {
        return remote;
    }
}
