// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.net.DatagramOptions;
import dev.heddle.net.DatagramTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One end of the network of {@link MemoryDatagrams}. */
final class MemoryEnd extends DatagramTransport {

    /** As many bytes as Linux keeps by default. */
    private static final int DEFAULT_BUFFER = 212_992;

    final InetSocketAddress local;
    final @Nullable InetSocketAddress remote;

    /** When everything that was sent has left. */
    double busyUntil;

    private final EventLoop loop;
    private final MemoryDatagrams network;
    private final int receiveBuffer;
    private final int sendBuffer;

    private final ArrayDeque<MemoryDatagrams.Packet> arrived = new ArrayDeque<>();

    /** How many bytes have arrived, and how many have been sent and not left yet. */
    private int arrivedBytes;

    private int leavingBytes;

    /** What the next operations throw. */
    private final ArrayDeque<IOException> failures = new ArrayDeque<>();

    private boolean closed;

    private @Nullable Future<@Nullable Void> reader;
    private @Nullable Future<@Nullable Void> writer;

    MemoryEnd(
            EventLoop loop,
            MemoryDatagrams network,
            InetSocketAddress local,
            @Nullable InetSocketAddress remote,
            DatagramOptions options) {
        this.loop = loop;
        this.network = network;
        this.local = local;
        this.remote = remote;
        this.receiveBuffer = Objects.requireNonNullElse(options.receiveBuffer(), DEFAULT_BUFFER);
        this.sendBuffer = Objects.requireNonNullElse(options.sendBuffer(), DEFAULT_BUFFER);
    }

    // Sending

    @Override
    protected boolean send(ByteBuffer source, SocketAddress target) throws IOException {
        throwFailure();
        int size = source.remaining();
        if (isFull(size)) {
            return false;
        }
        network.send(this, (InetSocketAddress) target, source.slice());
        source.position(source.limit());
        return true;
    }

    /** Whether {@code size} bytes more have no room in the send buffer. One datagram always has. */
    private boolean isFull(int size) {
        return leavingBytes > 0 && leavingBytes + size > sendBuffer;
    }

    /** Keeps {@code size} bytes in the send buffer until {@code departure}. */
    void keepUntil(double departure, int size) {
        leavingBytes += size;
        loop.callAt(departure, () -> {
            leavingBytes -= size;
            wake(writer);
        });
    }

    @Async
    @Override
    protected Coroutine<Void> writable() {
        if (leavingBytes > 0 && failures.isEmpty() && !closed) {
            Future<@Nullable Void> waiting = loop.createFuture();
            writer = waiting;
            await(waiting);
        }
        return Coroutine.done();
    }

    // Receiving

    /** Whether this takes datagrams of {@code sender}. */
    boolean accepts(InetSocketAddress sender) {
        return remote == null || MemoryDatagrams.reached(remote).equals(sender);
    }

    /** Adds {@code packet}, or loses it, if there is no room. One datagram always has. */
    void arrive(MemoryDatagrams.Packet packet) {
        int size = packet.bytes().remaining();
        if (arrived.isEmpty() || arrivedBytes + size <= receiveBuffer) {
            arrivedBytes += size;
            arrived.add(packet);
            wake(reader);
        }
    }

    @Override
    protected @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
        throwFailure();
        MemoryDatagrams.Packet packet = arrived.poll();
        if (packet == null) {
            return null;
        }
        arrivedBytes -= packet.bytes().remaining();
        target.put(packet.bytes());
        return packet.sender();
    }

    @Async
    @Override
    protected Coroutine<Void> readable() {
        if (arrived.isEmpty() && failures.isEmpty() && !closed) {
            Future<@Nullable Void> waiting = loop.createFuture();
            reader = waiting;
            await(waiting);
        }
        return Coroutine.done();
    }

    // Failures

    /** Lets the next operation fail. */
    void fail(IOException cause) {
        failures.add(cause);
        wake(reader);
        wake(writer);
    }

    /** Lets the next operation fail, as nobody receives at the address to which this is connected. As in a system, there is one such failure at a time. */
    void unreachable() {
        if (failures.isEmpty()) {
            fail(new PortUnreachableException("nobody receives there"));
        }
    }

    private void throwFailure() throws IOException {
        IOException cause = failures.poll();
        if (cause != null) {
            throw cause;
        }
    }

    // Closing

    @Override
    protected boolean isOpen() {
        return !closed;
    }

    @Override
    protected void close() {
        if (!closed) {
            closed = true;
            network.remove(this);
            arrived.clear();
            wake(reader);
            wake(writer);
        }
    }

    private static void wake(@Nullable Future<@Nullable Void> waiting) {
        if (waiting != null && !waiting.isDone()) {
            waiting.setResult(null);
        }
    }

    @Override
    protected @Nullable SocketAddress localAddress() {
        return closed ? null : local;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public String toString() {
        return "in memory at " + local;
    }
}
