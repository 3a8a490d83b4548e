// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the records that a TLS connection sends. A task passes on the records that the transport below does not take at once, so a cancelled write leaves
 * no half of a record unsent. A buffer is borrowed while it holds bytes.
 */
final class TlsOutput {

    /** Written to produce a record without bytes of the program. */
    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    /** With more answers than this not yet passed on, in bytes, nothing is read: a peer may ask again and again, and never read. */
    private static final int MOST_ANSWERS = 64 * 1024;

    private final EventLoop loop;
    private final Transport below;
    private final TlsBuffers buffers;
    private final SSLEngine engine;
    private final TlsState state;

    /** The room that the engine demands for a record, in bytes. */
    private int packet;

    /** The records that are not passed on. Null if there are none. */
    private @Nullable ByteBuffer outgoing;

    /** Passes on {@link #outgoing}. Null if the transport below has taken everything. */
    private @Nullable Task<Void> sending;

    /** The reason why nothing can be sent any more, although what has arrived can still be read. Null if something can. */
    private @Nullable IOException failure;

    private boolean ended;
    private boolean belowEnded;

    /** The output to {@code below}. */
    TlsOutput(EventLoop loop, Transport below, TlsBuffers buffers, SSLEngine engine, TlsState state) {
        this.loop = loop;
        this.below = below;
        this.buffers = buffers;
        this.engine = engine;
        this.state = state;
        this.packet = engine.getSession().getPacketBufferSize();
    }

    // Encryption

    /** Encrypts up to a record of the bytes of {@code sources}. */
    SSLEngineResult encrypt(ByteBuffer[] sources) throws SSLException {
        ByteBuffer records = outgoing == null ? buffers.take() : outgoing;
        int room = packet;
        try {
            while (true) {
                records = buffers.withRoom(records, room);
                int begin = records.position();
                int end = records.limit();
                records.limit(records.capacity()).position(end);
                SSLEngineResult result;
                try {
                    result = engine.wrap(sources, records);
                } finally {
                    records.limit(records.position()).position(begin);
                }
                if (result.getStatus() != Status.BUFFER_OVERFLOW) {
                    return result;
                }
                packet = engine.getSession().getPacketBufferSize();
                room = Math.max(packet, 2 * room);
            }
        } finally {
            outgoing = buffers.keptIfFilled(records);
        }
    }

    /** Produces a record that the engine has to send by itself. */
    SSLEngineResult encryptNothing() throws SSLException {
        return encrypt(NOTHING);
    }

    /** Whether another record fits in the buffer that holds the last one. */
    boolean hasRoomForAnother() {
        ByteBuffer records = outgoing;
        return records != null && records.capacity() - records.limit() >= packet;
    }

    /** Sends what the engine has to say to the other side by itself. */
    void answer() throws SSLException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            SSLEngineResult result = encryptNothing();
            if (result.getStatus() != Status.OK || result.bytesProduced() == 0) {
                break;
            }
        }
        startSending();
    }

    // Sending

    boolean hasRecords() {
        return outgoing != null;
    }

    /** Whether so many records are not passed on that no others should be caused. */
    boolean isFull() {
        ByteBuffer records = outgoing;
        return records != null && records.remaining() > MOST_ANSWERS;
    }

    /** Returns the task that passes on the records. Null if the transport below has taken everything. */
    @Nullable
    Task<Void> sending() {
        return sending;
    }

    /** Passes on the records, and returns whether the transport below has taken all of them. */
    boolean passOnRecords() throws IOException {
        ByteBuffer records = outgoing;
        if (records != null) {
            below.write(records);
            outgoing = buffers.keptIfFilled(records);
        }
        return outgoing == null;
    }

    /** Passes on everything, and returns whether that is done. */
    boolean passOn() throws IOException {
        if (!passOnRecords()) {
            return false;
        }
        if (ended && !belowEnded) {
            if (!below.flush()) {
                return false;
            }
            belowEnded = true;
            below.shutdownOutput();
        }
        return below.flush();
    }

    /** Passes on everything. If the transport below does not take it, a task goes on. A failure is thrown by the write that follows. */
    void startSending() {
        if (failure != null) {
            release();
            return;
        }
        try {
            if (sending == null && !passOn()) {
                Task<Void> made = loop.createTask(sendInTask(), "sending of " + state);
                sending = made.isDone() ? null : made; // an eager task may be done already
            }
        } catch (IOException broken) {
            fail(broken);
        }
    }

    @Async
    private Coroutine<Void> sendInTask() {
        try {
            while (!state.isClosed() && !passOn()) {
                await(below.writable());
            }
        } catch (IOException broken) {
            fail(broken);
        } finally {
            sending = null;
        }
        return Coroutine.done();
    }

    private void fail(IOException broken) {
        failure = broken;
        release();
    }

    void requireOpen() throws IOException {
        state.requireOpen();
        if (failure != null) {
            throw failure;
        }
    }

    // The end

    /** Whether no more bytes of the program can be sent. */
    boolean isEnded() {
        return ended;
    }

    /** The engine takes no more bytes, as the other side has closed the connection. */
    void markEnded() {
        ended = true;
    }

    /** Encrypts the closing message. Idempotent. */
    void end() throws SSLException {
        if (!ended) {
            engine.closeOutbound();
            ended = true;
            encryptEnd();
        }
    }

    /** Encrypts the closing message. What the engine has still had to say by itself comes first, such as a ticket. */
    void encryptEnd() throws SSLException {
        SSLEngineResult result;
        do {
            result = encryptNothing();
        } while (result.bytesProduced() > 0 && !engine.isOutboundDone());
    }

    /** Gives back the buffer. */
    void release() {
        outgoing = buffers.released(outgoing);
    }
}
