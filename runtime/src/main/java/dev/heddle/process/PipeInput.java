// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.io.HeapWindow;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/** The end of a pipe that is read here. */
final class PipeInput extends PipeTransport {

    private static final int FIRST_ROOM = 4 * 1024;

    /** The most bytes that are kept in memory of a process that has ended: as many as a pipe holds by default. */
    private static final int MOST_KEPT = 64 * 1024;

    private final Pipe.SourceChannel channel;

    /** Bytes that have been read from the channel already. Null if there are none. */
    private @Nullable ByteBuffer kept;

    PipeInput(EventLoop loop, Pipe.SourceChannel channel, String name, Runnable whenClosed) throws IOException {
        super(Pollable.of(loop, channel), name, whenClosed);
        this.channel = channel;
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        ByteBuffer here = kept;
        if (here != null) {
            int count = Math.min(here.remaining(), target.remaining());
            target.put(target.position(), here, here.position(), count);
            target.position(target.position() + count);
            here.position(here.position() + count);
            kept = here.hasRemaining() ? here : null;
            return count;
        }
        return receive(target);
    }

    /** Frees the descriptor at the end of the pipe. */
    private int receive(ByteBuffer target) throws IOException {
        int end = target.limit();
        int count;
        try {
            HeapWindow.narrow(target);
            count = isClosed() ? -1 : channel.read(target);
        } finally {
            target.limit(end);
        }
        if (count < 0) {
            close();
        }
        return count;
    }

    @Override
    protected Coroutine<Void> readable() {
        return pollable.readable();
    }

    /**
     * Takes the rest out of the pipe as it comes, so that a process that has ended costs no descriptor, even if nobody reads its output. Others may still
     * have the pipe: children of the process, and for a moment any process that is being started.
     */
    void writerEnded() {
        if (!isClosed()) {
            pollable.onceReadable(this::takeRest);
        }
    }

    private void takeRest() {
        ByteBuffer rest = kept == null ? ByteBuffer.allocate(FIRST_ROOM) : kept.compact();
        try {
            int count = receive(rest);
            while (count > 0 && rest.position() < MOST_KEPT) {
                if (!rest.hasRemaining()) {
                    rest = ByteBuffer.allocate(2 * rest.capacity()).put(rest.flip());
                }
                count = receive(rest);
            }
            if (count == 0) {
                writerEnded();
            }
        } catch (IOException failure) {
            // The next read finds it.
        }
        kept = rest.position() == 0 ? null : rest.flip();
    }
}
