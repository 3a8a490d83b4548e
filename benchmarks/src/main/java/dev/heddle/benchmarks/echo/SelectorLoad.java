// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A load over TCP. Each connection sends a message, and when it has come back whole, the next. The thread does not sleep
 * while it waits, so that no server pays for waking it up.
 */
final class SelectorLoad implements Load {

    private final Selector selector = Selector.open();
    private final List<Peer> peers = new ArrayList<>();
    private long deadline;
    private long trips;
    private int outstanding;

    /** Connects to the port. */
    SelectorLoad(int port, int connections, int bytes) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Peer peer = new Peer(channel, i, bytes);
            channel.register(selector, SelectionKey.OP_READ, peer);
            peers.add(peer);
        }
    }

    @Override
    public long run(long nanos) throws IOException {
        deadline = System.nanoTime() + nanos;
        trips = 0;
        for (Peer peer : peers) {
            outstanding++;
            peer.send();
        }
        while (outstanding > 0) {
            selector.selectNow(this::ready);
        }
        return trips;
    }

    private void ready(SelectionKey key) {
        Peer peer = (Peer) key.attachment();
        try {
            if (peer.message.hasRemaining()) {
                peer.flush(key);
            }
            if (peer.receive()) {
                trips++;
                if (System.nanoTime() < deadline) {
                    peer.send();
                } else {
                    outstanding--;
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("a connection failed", failure);
        }
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers) {
            peer.channel.close();
        }
        selector.close();
    }

    private final class Peer {

        private final SocketChannel channel;
        private final ByteBuffer message;
        private final ByteBuffer answer;
        private byte number;

        Peer(SocketChannel channel, int seed, int bytes) {
            this.channel = channel;
            this.message = ByteBuffer.allocateDirect(bytes);
            this.answer = ByteBuffer.allocateDirect(bytes);
            for (int i = 0; i < bytes; i++) {
                message.put((byte) (seed + i * 31));
            }
        }

        void send() throws IOException {
            message.clear();
            message.put(0, number++);
            answer.clear();
            channel.write(message);
            if (message.hasRemaining()) {
                channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }

        void flush(SelectionKey key) throws IOException {
            channel.write(message);
            if (!message.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        /** Reads; returns whether the message has come back whole. */
        boolean receive() throws IOException {
            if (channel.read(answer) < 0) {
                throw new EOFException("the server has closed a connection");
            }
            if (answer.hasRemaining()) {
                return false;
            }
            message.flip();
            answer.flip();
            if (!answer.equals(message)) {
                throw new IOException("a message came back changed");
            }
            return true;
        }
    }
}
