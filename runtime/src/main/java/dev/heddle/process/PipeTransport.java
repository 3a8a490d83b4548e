// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import dev.heddle.Coroutine;
import dev.heddle.internal.io.Pollable;
import dev.heddle.net.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** One end of a pipe. The {@link dev.heddle.net.Connection} over it is given to programs as a stream in one direction only. */
abstract class PipeTransport extends Transport {

    final Pollable pollable;

    private final String name;
    private final Runnable whenClosed;
    private boolean closed;

    /** {@code name} is for messages. {@code whenClosed} is called once the descriptor of this end is free. */
    PipeTransport(Pollable pollable, String name, Runnable whenClosed) {
        this.pollable = pollable;
        this.name = name;
        this.whenClosed = whenClosed;
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        throw wrongDirection();
    }

    @Override
    protected Coroutine<Void> readable() {
        throw wrongDirection();
    }

    @Override
    protected void write(ByteBuffer source) throws IOException {
        throw wrongDirection();
    }

    @Override
    protected Coroutine<Void> writable() {
        throw wrongDirection();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        throw wrongDirection();
    }

    private IllegalStateException wrongDirection() {
        return new IllegalStateException(name + " is a stream in one direction");
    }

    @Override
    protected final void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            pollable.close();
        } catch (IOException failure) { // the descriptor is free all the same
            throw new UncheckedIOException(failure);
        } finally {
            whenClosed.run();
        }
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    public final String toString() {
        return name;
    }
}
