// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.internal.loop.LoopCore;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that the TLS connections of a loop borrow while they hold bytes. They have room for two records. They are on the heap, as the ciphers of the
 * JDK work on arrays. Used on the loop's thread.
 */
final class TlsBuffers implements AutoCloseable {

    /** The size of the buffers, in bytes: two records of 16 KiB with header, padding and code, or one of the largest that the JDK accepts. */
    static final int SIZE = 34 * 1024;

    /** The most unused buffers that are kept. */
    private static final int MOST_KEPT = 32;

    private final ArrayDeque<ByteBuffer> unused = new ArrayDeque<>();

    private TlsBuffers() {}

    /** Returns the buffers of the loop of {@code core}. */
    static TlsBuffers of(LoopCore core) {
        TlsBuffers buffers = core.resource(TlsBuffers.class);
        if (buffers == null) {
            buffers = new TlsBuffers();
            core.keep(TlsBuffers.class, buffers);
        }
        return buffers;
    }

    /** Returns a buffer with no bytes to read. */
    ByteBuffer take() {
        ByteBuffer buffer = unused.poll();
        return (buffer == null ? ByteBuffer.allocate(SIZE) : buffer).limit(0);
    }

    /** Takes {@code buffer} back if it has the usual size. The caller must not use it any more. */
    void give(ByteBuffer buffer) {
        if (buffer.capacity() == SIZE && unused.size() < MOST_KEPT) {
            unused.push(buffer.clear());
        }
    }

    /** Returns {@code buffer} if it has bytes. Takes it back and returns null if not. */
    @Nullable
    ByteBuffer keptIfFilled(@Nullable ByteBuffer buffer) {
        if (buffer != null && !buffer.hasRemaining()) {
            give(buffer);
            return null;
        }
        return buffer;
    }

    /** Takes {@code buffer} back, if there is one, and returns null. */
    @Nullable
    ByteBuffer released(@Nullable ByteBuffer buffer) {
        if (buffer != null) {
            give(buffer);
        }
        return null;
    }

    /**
     * Returns a buffer with the bytes of {@code buffer}, and with room for at least {@code room} more between its limit and its capacity: the same one if
     * that is possible.
     */
    ByteBuffer withRoom(ByteBuffer buffer, int room) {
        if (buffer.capacity() - buffer.limit() >= room) {
            return buffer;
        }
        int needed = buffer.remaining() + room;
        if (buffer.capacity() >= needed) {
            return buffer.compact().flip();
        }
        ByteBuffer larger = needed <= SIZE ? take() : ByteBuffer.allocate(Math.max(needed, 2 * SIZE));
        larger.clear().put(buffer).flip();
        give(buffer);
        return larger;
    }

    @Override
    public void close() {
        unused.clear();
    }
}
