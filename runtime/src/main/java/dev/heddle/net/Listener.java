// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.EventLoop;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A listening socket of a {@link Server}. */
final class Listener {

    final ServerSocketChannel channel;
    final Pollable pollable;
    final SocketAddress address;

    /** The file of a Unix-domain socket that is to be deleted, and what identifies it. Null for others. */
    private final @Nullable Path file;

    private final @Nullable Object fileKey;

    private Listener(ServerSocketChannel channel, Pollable pollable, @Nullable Path file) throws IOException {
        this.channel = channel;
        this.pollable = pollable;
        this.address = channel.getLocalAddress();
        this.file = file;
        this.fileKey = file == null ? null : fileKey(file);
    }

    /** Listens at {@code address}. */
    static Listener open(EventLoop loop, SocketAddress address, ServeOptions options) throws IOException {
        ServerSocketChannel channel;
        Pollable pollable;
        try {
            channel = address instanceof UnixDomainSocketAddress
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : ServerSocketChannel.open();
            pollable = Pollable.of(loop, channel);
        } catch (IOException failure) {
            throw Failures.noSocket("cannot listen at " + Failures.text(address), failure);
        }
        try {
            if (address instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            if (options.reusePort) {
                reusePort(channel, address);
            }
            if (options.settings.receiveBuffer()
                    > 0) { // before the connection: the window is negotiated when it is made
                channel.setOption(StandardSocketOptions.SO_RCVBUF, options.settings.receiveBuffer());
            }
            bind(channel, address, options.backlog);
            Path file = options.cleanUpSocket && address instanceof UnixDomainSocketAddress at ? at.getPath() : null;
            return new Listener(channel, pollable, file);
        } catch (Throwable failure) {
            pollable.close();
            throw failure;
        }
    }

    /** Throws the exception of {@link #open} if another socket listens at {@code address}, even if it would share the address. */
    static void requireFree(SocketAddress address) throws IOException {
        ServerSocketChannel probe;
        try {
            probe = ServerSocketChannel.open();
        } catch (IOException failure) {
            throw Failures.noSocket("cannot listen at " + Failures.text(address), failure);
        }
        try (probe) {
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            bind(probe, address, 1);
        }
    }

    private static void reusePort(ServerSocketChannel channel, SocketAddress address) throws IOException {
        if (!channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
            throw new UnsupportedOperationException("cannot share " + Failures.text(address)
                    + " with other servers, as this kind of socket has no SO_REUSEPORT here; listen once");
        }
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }

    private static void bind(ServerSocketChannel channel, SocketAddress address, int backlog) throws IOException {
        try {
            channel.bind(address, backlog);
        } catch (UnsupportedAddressTypeException unsuitable) {
            throw Failures.unsuitable("cannot listen at", address, unsuitable);
        } catch (BindException failure) {
            if (!(address instanceof UnixDomainSocketAddress unix) || !deleteIfStale(unix)) {
                throw Failures.bind(address, failure);
            }
            bindAgain(channel, address, backlog);
        } catch (IOException failure) {
            throw Failures.bind(address, failure);
        }
    }

    private static void bindAgain(ServerSocketChannel channel, SocketAddress address, int backlog) throws IOException {
        try {
            channel.bind(address, backlog);
        } catch (IOException failure) {
            throw Failures.bind(address, failure);
        }
    }

    /** Deletes the socket at {@code address} if a program has left it behind, so that nobody accepts there any more. Returns whether that was so. */
    private static boolean deleteIfStale(UnixDomainSocketAddress address) {
        Path path = address.getPath();
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (!attributes(path).isOther()) {
                return false;
            }
            probe.configureBlocking(false);
            probe.connect(address);
            return false;
        } catch (IOException refused) {
            return refused instanceof java.net.ConnectException && delete(path);
        }
    }

    private static boolean delete(Path path) {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException denied) {
            return false;
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static @Nullable Object fileKey(Path path) throws IOException {
        return attributes(path).fileKey();
    }

    /** Stops listening, and deletes the file of the socket unless another socket has taken its place. */
    void close() throws IOException {
        pollable.close();
        if (file != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Object now = fileKey(file);
            if (now == null || now.equals(fileKey)) {
                Files.deleteIfExists(file);
            }
        }
    }

    boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public String toString() {
        return Failures.text(address);
    }
}
