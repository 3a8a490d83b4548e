// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.io;

import dev.heddle.internal.loop.LoopCore;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** The buffers that the connections of a loop borrow while they hold bytes. An idle connection has none. Used on the loop's thread. */
public final class BufferPool implements AutoCloseable {

    /** The size of the buffers, in bytes. */
    public static final int SIZE = 16 * 1024;

    /** How many unused buffers are kept: one mebibyte of them. */
    private static final int MOST_KEPT = 64;

    private final ArrayDeque<ByteBuffer> unused = new ArrayDeque<>();

    private BufferPool() {}

    /** Returns the pool of the loop of {@code core}. */
    public static BufferPool of(LoopCore core) {
        BufferPool pool = core.resource(BufferPool.class);
        if (pool == null) {
            pool = new BufferPool();
            core.keep(BufferPool.class, pool);
        }
        return pool;
    }

    /** Returns an empty buffer of {@link #SIZE} bytes. */
    public ByteBuffer take() {
        ByteBuffer buffer = unused.poll();
        return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer;
    }

    /** Takes {@code buffer} back if it is of this pool's kind. The caller must not use it any more. */
    public void give(ByteBuffer buffer) {
        if (buffer.isDirect() && buffer.capacity() == SIZE && unused.size() < MOST_KEPT) {
            unused.push(buffer.clear());
        }
    }

    @Override
    public void close() {
        unused.clear();
    }
}
