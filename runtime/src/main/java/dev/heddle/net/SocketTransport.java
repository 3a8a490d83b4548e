package dev.heddle.net;

import dev.heddle.Coroutine;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connected TCP or Unix-domain socket. */
final class SocketTransport extends Transport {

    private final SocketChannel channel;
    private final Pollable pollable;
    private final @Nullable SocketAddress remote;

    /**
     * Whether the last read left nothing in the socket, as it did not fill its buffer. Another one would only find that nothing is there; the selector
     * reports what has arrived since.
     */
    private boolean drained;

    /** The connected {@code channel}, which {@code pollable} waits for. */
    SocketTransport(SocketChannel channel, Pollable pollable) {
        this.channel = channel;
        this.pollable = pollable;
        this.remote = remoteAddress();
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        if (drained) {
            return 0;
        }
        int room = target.remaining();
        int count;
        try {
            count = channel.read(target);
        } catch (IOException failure) {
            throw Failures.broken(toString(), failure);
        }
        drained = count > 0 && count < room && pollable.isPolledByLoop();
        return count;
    }

    @Override
    protected Coroutine<Void> readable() {
        drained = false;
        return pollable.readable();
    }

    @Override
    protected void write(ByteBuffer source) throws IOException {
        try {
            channel.write(source);
        } catch (IOException failure) {
            throw Failures.broken(toString(), failure);
        }
    }

    @Override
    protected void write(ByteBuffer first, ByteBuffer second) throws IOException {
        try {
            channel.write(new ByteBuffer[] {first, second});
        } catch (IOException failure) {
            throw Failures.broken(toString(), failure);
        }
    }

    @Override
    protected Coroutine<Void> writable() {
        return pollable.writable();
    }

    @Override
    protected long transferFrom(FileChannel file, long position, long count) throws IOException {
        try {
            return file.transferTo(position, count, channel);
        } catch (IOException failure) {
            // The failure of the file is not told from that of the socket, except that a file is rarely the cause.
            throw Failures.broken(toString(), failure);
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        try {
            channel.shutdownOutput();
        } catch (IOException failure) {
            throw Failures.broken(toString(), failure);
        }
    }

    @Override
    protected void close() {
        try {
            pollable.close();
        } catch (IOException failure) {
            // The descriptor is gone all the same, and what was written has been reported as written.
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
        try {
            return channel.getRemoteAddress();
        } catch (IOException closed) {
            return null;
        }
    }

    @Override
    public String toString() {
        SocketAddress local = localAddress();
        boolean named = remote != null && !remote.toString().isEmpty();
        return named || local == null ? "to " + Failures.text(remote) : "at " + Failures.text(local);
    }
}
