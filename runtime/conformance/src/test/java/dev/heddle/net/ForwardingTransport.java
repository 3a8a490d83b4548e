package dev.heddle.net;

import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A transport that passes everything on to another one. Subclasses change a part of that. */
class ForwardingTransport extends Transport {

    final Transport below;

    ForwardingTransport(Transport below) {
        this.below = below;
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        return below.read(target);
    }

    @Override
    protected Coroutine<Void> readable() {
        return below.readable();
    }

    @Override
    protected void write(ByteBuffer source) throws IOException {
        below.write(source);
    }

    @Override
    protected Coroutine<Void> writable() {
        return below.writable();
    }

    @Override
    protected boolean flush() throws IOException {
        return below.flush();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        below.shutdownOutput();
    }

    @Override
    protected void close() {
        below.close();
    }

    @Override
    protected void abort() {
        below.abort();
    }

    @Override
    protected @Nullable SocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public String toString() {
        return below.toString();
    }
}
