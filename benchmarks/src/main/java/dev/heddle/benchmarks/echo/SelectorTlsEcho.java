// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** The floor of the rows with TLS: the loop of {@link SelectorEcho}, with an engine for each connection. */
final class SelectorTlsEcho extends SelectorEcho {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLContext context;
    /** Clear text of the last record. */
    private final ByteBuffer clear;
    /** Records that are to be sent. Empty between two calls, as a connection keeps what the kernel does not take. */
    private final ByteBuffer records;

    SelectorTlsEcho(ServerSocketChannel listener, SSLContext context) throws IOException {
        super(listener);
        this.context = context;
        int packet = context.createSSLEngine().getSession().getPacketBufferSize();
        this.clear = ByteBuffer.allocate(packet);
        this.records = ByteBuffer.allocate(2 * packet);
    }

    /** A connection: its engine, what it has received of a record, and the records that the kernel did not take. */
    private static final class Secured {

        private final SSLEngine engine;
        private final ByteBuffer received;
        private ByteBuffer rest = NOTHING;

        Secured(SSLEngine engine) {
            this.engine = engine;
            this.received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        }
    }

    @Override
    Object attachment() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return new Secured(engine);
    }

    @Override
    void echo(SelectionKey key, SocketChannel channel) throws IOException {
        Secured secured = (Secured) key.attachment();
        if (channel.read(secured.received) < 0) {
            channel.close();
            return;
        }
        secured.received.flip();
        while (progress(secured)) {
            // Go on to the last record that is whole.
        }
        secured.received.compact();
        records.flip();
        channel.write(records);
        if (records.hasRemaining()) {
            secured.rest = ByteBuffer.allocate(records.remaining()).put(records).flip();
            key.interestOps(SelectionKey.OP_WRITE);
        }
        records.clear();
        if (secured.engine.isInboundDone()) {
            channel.close();
        }
    }

    /** Makes one step, and echoes what it produced. Returns false if more has to be received before the next one. */
    private boolean progress(Secured secured) throws IOException {
        SSLEngine engine = secured.engine;
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
            return true;
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            engine.wrap(NOTHING, records);
            return true;
        }
        if (records.remaining() < records.capacity() / 2) {
            return false; // the client of this row never has as much outstanding
        }
        SSLEngineResult result = engine.unwrap(secured.received, clear.clear());
        clear.flip();
        while (clear.hasRemaining()) {
            engine.wrap(clear, records);
        }
        return result.getStatus() == SSLEngineResult.Status.OK;
    }

    @Override
    boolean flush(SelectionKey key, SocketChannel channel) throws IOException {
        Secured secured = (Secured) key.attachment();
        channel.write(secured.rest);
        if (secured.rest.hasRemaining()) {
            return false;
        }
        secured.rest = NOTHING;
        key.interestOps(SelectionKey.OP_READ);
        return true;
    }
}
