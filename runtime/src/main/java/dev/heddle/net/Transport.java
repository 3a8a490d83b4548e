// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of a {@link Connection}, without ever blocking. Sockets, TLS, pipes of processes and pairs in memory are transports; a program extends this
 * class to have streams over something else. The connection checks the thread, and calls the methods for input from one coroutine at a time, and so
 * those for output.
 *
 * <p>Used on the loop's thread.
 */
public abstract class Transport {

    /** Called by subclasses. */
    protected Transport() {}

    /**
     * Moves the bytes that are there into {@code target}, which has room.
     *
     * @return their number; 0 if there are none yet; -1 at the end of the stream
     * @throws IOException if the transport has failed
     */
    protected abstract int read(ByteBuffer target) throws IOException;

    /** Waits until {@link #read} may return something other than 0. It may end too early. When this transport is closed, the wait ends. */
    @CheckReturnValue
    protected abstract Coroutine<Void> readable();

    /**
     * Takes as many of the bytes of {@code source} as it can without waiting. A transport may keep some of what it has taken, until {@link #flush} is
     * called.
     *
     * @throws IOException if the transport has failed
     */
    protected abstract void write(ByteBuffer source) throws IOException;

    /** As {@link #write(ByteBuffer)}, with the bytes of {@code first} and then those of {@code second}. */
    protected void write(ByteBuffer first, ByteBuffer second) throws IOException {
        write(first);
        if (!first.hasRemaining()) {
            write(second);
        }
    }

    /** Waits until {@link #write}, or {@link #flush}, may get on. It may end too early. When this transport is closed, the wait ends. */
    @CheckReturnValue
    protected abstract Coroutine<Void> writable();

    /**
     * Passes on what {@link #write} has kept.
     *
     * @return whether everything is passed on
     * @throws IOException if the transport has failed
     */
    protected boolean flush() throws IOException {
        return true;
    }

    /**
     * Sends bytes of {@code file} without copying them, if this transport can.
     *
     * @return how many bytes were taken; 0 if {@link #writable} has to be awaited first; -1 if this transport cannot do that
     * @throws IOException if the file cannot be read, or the transport has failed
     */
    protected long transferFrom(FileChannel file, long position, long count) throws IOException {
        return -1;
    }

    /**
     * Ends the output. Everything written has been flushed, and {@link #flush} is called afterwards.
     *
     * @throws IOException if the transport has failed
     */
    protected abstract void shutdownOutput() throws IOException;

    /** Closes this transport at once. Those who wait for it continue. Idempotent. */
    protected abstract void close();

    /**
     * Closes this transport at once, as {@link #close} does, because the stream is not whole. A transport that marks the end of a whole stream does not mark
     * this one, and a transport over another one aborts that. Idempotent.
     */
    protected void abort() {
        close();
    }

    /** Returns the address of this end, or null if it has none. */
    protected @Nullable SocketAddress localAddress() {
        return null;
    }

    /** Returns the address of the other end, or null if it has none. */
    protected @Nullable SocketAddress remoteAddress() {
        return null;
    }
}
