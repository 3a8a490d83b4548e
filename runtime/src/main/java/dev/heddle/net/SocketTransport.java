// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.Coroutine;
import dev.heddle.internal.io.HeapWindow;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connected TCP or Unix-domain socket. */
final class SocketTransport extends Transport {

    /** How many windows of a buffer on the heap are written before the rest of the loop may run. */
    private static final int MOST_WINDOWS = 16;

    private final SocketChannel channel;
    private final Pollable pollable;

    /** The addresses, for messages. The channel forgets them when it is closed. */
    private final @Nullable SocketAddress local;

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
        this.local = localAddress();
        this.remote = remoteAddress();
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        if (drained) {
            return 0;
        }
        int end = target.limit();
        HeapWindow.narrow(target);
        int room = target.remaining();
        int count;
        try {
            count = channel.read(target);
        } catch (IOException failure) {
            throw Failures.broken(toString(), failure);
        } finally {
            target.limit(end);
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
        int end = source.limit();
        try {
            for (int windows = 0; windows < MOST_WINDOWS; windows++) {
                HeapWindow.narrow(source);
                channel.write(source);
                if (source.hasRemaining() || source.limit() == end) {
                    break; // the system takes no more, or everything is written
                }
                source.limit(end);
            }
        } catch (IOException failure) {
            throw Failures.broken(toString(), failure);
        } finally {
            source.limit(end);
        }
    }

    /** {@code first} is what was gathered, which is little. */
    @Override
    protected void write(ByteBuffer first, ByteBuffer second) throws IOException {
        int end = second.limit();
        boolean more;
        try {
            HeapWindow.narrow(second);
            channel.write(new ByteBuffer[] {first, second});
            more = !second.hasRemaining() && second.limit() < end;
        } catch (IOException failure) {
            throw Failures.broken(toString(), failure);
        } finally {
            second.limit(end);
        }
        if (more) {
            write(second);
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
        } catch (ClosedChannelException closed) {
            throw channel.isOpen() ? Failures.closedFile(closed) : Failures.broken(toString(), closed);
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
        boolean named =
                remote != null && !remote.toString().isEmpty(); // clients of Unix-domain sockets often have no name
        return named || local == null ? "to " + Failures.text(remote) : "at " + Failures.text(local);
    }
}
