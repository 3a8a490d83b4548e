// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The floor: one thread, one selector and one direct buffer for all connections. A subclass overrides {@link #echo} for
 * connections that are not plain TCP.
 */
class SelectorEcho {

    /** The size of the buffers into which the servers in Java read. */
    static final int BUFFER = 64 * 1024;

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    SelectorEcho(ServerSocketChannel listener) throws IOException {
        this.listener = listener;
        this.selector = Selector.open();
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Serves until the process ends. */
    final void serve() {
        try {
            while (true) {
                selector.select(this::ready);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the selector failed", failure);
        }
    }

    private void ready(SelectionKey key) {
        if (key.channel() == listener) {
            accept();
            return;
        }
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (!key.isWritable() || flush(key, channel)) {
                echo(key, channel);
            }
        } catch (IOException reset) {
            close(channel);
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel != null) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, attachment());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("a connection cannot be accepted", failure);
        }
    }

    /** The state of a new connection, if it has any. */
    @Nullable
    Object attachment() {
        return null;
    }

    /** Reads once, and writes back what was read. */
    void echo(SelectionKey key, SocketChannel channel) throws IOException {
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
            channel.close();
            return;
        }
        buffer.flip();
        channel.write(buffer);
        if (buffer.hasRemaining()) {
            key.attach(ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    /** Writes what is left from an earlier call; returns whether nothing is left, so that the channel can be read. */
    boolean flush(SelectionKey key, SocketChannel channel) throws IOException {
        if (!(key.attachment() instanceof ByteBuffer rest)) {
            return true;
        }
        channel.write(rest);
        if (rest.hasRemaining()) {
            return false;
        }
        key.attach(null);
        key.interestOps(SelectionKey.OP_READ);
        return true;
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("a connection cannot be closed", failure);
        }
    }
}
