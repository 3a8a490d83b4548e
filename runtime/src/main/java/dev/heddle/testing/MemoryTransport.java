// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Coroutine;
import dev.heddle.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One end of a {@link MemoryPair}. */
final class MemoryTransport extends Transport {

    private final MemoryPipe in;
    private final MemoryPipe out;

    MemoryTransport(MemoryPipe in, MemoryPipe out) {
        this.in = in;
        this.out = out;
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        return in.read(target);
    }

    @Override
    protected Coroutine<Void> readable() {
        return in.readable();
    }

    @Override
    protected void write(ByteBuffer source) throws IOException {
        out.write(source);
    }

    @Override
    protected Coroutine<Void> writable() {
        return out.writable();
    }

    @Override
    protected void shutdownOutput() {
        out.end();
    }

    @Override
    protected void close() {
        out.end();
        in.abandon();
    }

    @Override
    public String toString() {
        return "in memory";
    }
}
