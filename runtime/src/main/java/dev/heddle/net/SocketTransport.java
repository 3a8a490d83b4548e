package dev.heddle.net;

import dev.heddle.Coroutine;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connected TCP or Unix-domain socket. */
final class SocketTransport extends Transport {

    private final SocketChannel channel;
    private final Pollable pollable;

    /**
     * Whether the last read left nothing in the socket, as it did not fill its buffer. Another one would only find that nothing is there; the selector
     * reports what has arrived since.
     */
    private boolean drained;

    /** The connected {@code channel}, which {@code pollable} waits for. */
    SocketTransport(SocketChannel channel, Pollable pollable) {
        this.channel = channel;
        this.pollable = pollable;
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        if (drained) {
            return 0;
        }
        int room = target.remaining();
        int count = channel.read(target);
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
        channel.write(source);
    }

    @Override
    protected void write(ByteBuffer first, ByteBuffer second) throws IOException {
        channel.write(new ByteBuffer[] {first, second});
    }

    @Override
    protected Coroutine<Void> writable() {
        return pollable.writable();
    }

    @Override
    protected long transferFrom(FileChannel file, long position, long count) throws IOException {
        return file.transferTo(position, count, channel);
    }

    @Override
    protected void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    protected void close() {
        try {
            pollable.close();
        } catch (IOException failure) { // the descriptor is gone all the same
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
        try {
            return channel.getRemoteAddress();
        } catch (IOException closed) {
            return null;
        }
    }
}
