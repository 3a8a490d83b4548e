// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts the records that a TLS connection receives. Buffers are borrowed while they hold bytes.
 *
 * <p>A record is decrypted into the buffer of the reader if its bytes fit. If they do not, or if there is no reader, they are kept here.
 */
final class TlsInput {

    /**
     * The first byte of a record with an alert, before TLS 1.3. Such a record is not decrypted by the read that returns the bytes before it: a closing message
     * ends the output too, and the program may want to answer these bytes first.
     */
    private static final byte ALERT = 21;

    /** The largest room for the bytes of one record. The JDK accepts records of up to 32 KiB. */
    private static final int LARGEST_ROOM = 128 * 1024;

    private final Transport below;
    private final TlsBuffers buffers;
    private final SSLEngine engine;
    private final TlsState state;

    /** The records that have arrived and are not decrypted. Null if there are none. */
    private @Nullable ByteBuffer incoming;

    /** The bytes that are decrypted and not read. Null if there are none. */
    private @Nullable ByteBuffer decrypted;

    /** The input of {@code below}, which has delivered the bytes {@code arrived} already. */
    TlsInput(Transport below, TlsBuffers buffers, SSLEngine engine, TlsState state, ByteBuffer arrived) {
        this.below = below;
        this.buffers = buffers;
        this.engine = engine;
        this.state = state;
        if (arrived.hasRemaining()) {
            incoming = buffers.withRoom(buffers.take(), arrived.remaining());
            incoming.limit(arrived.remaining()).put(arrived).flip();
        }
    }

    /**
     * Reads more bytes from below. Returns whether there were any.
     *
     * @throws IOException if the stream has ended, which it must not without a closing message
     */
    boolean fetch() throws IOException {
        ByteBuffer records = incoming == null ? buffers.take() : incoming;
        records = buffers.withRoom(records, TlsBuffers.SIZE / 2);
        int begin = records.position();
        int end = records.limit();
        records.limit(records.capacity()).position(end);
        int count;
        try {
            count = below.read(records);
        } finally {
            records.limit(records.position()).position(begin);
            incoming = buffers.keptIfFilled(records);
        }
        if (count < 0) {
            throw state.isEstablished() ? state.failures.truncated() : state.failures.ended();
        }
        return count > 0;
    }

    /** Whether bytes have arrived that are not decrypted. They may be less than a record. */
    boolean hasRecords() {
        return incoming != null;
    }

    /** Whether the bytes that have arrived begin with something else than an alert. */
    boolean hasRecordsOfData() {
        ByteBuffer records = incoming;
        return records != null && records.hasRemaining() && records.get(records.position()) != ALERT;
    }

    /** Decrypts the next record into {@code target}. There must be bytes of one. */
    SSLEngineResult decrypt(ByteBuffer target) throws SSLException {
        return engine.unwrap(records(), target);
    }

    /** Decrypts the next record, whose bytes are kept here. There must be bytes of one. */
    SSLEngineResult decryptAside() throws SSLException {
        ByteBuffer records = records();
        ByteBuffer aside = decrypted == null ? buffers.take() : decrypted;
        int room = engine.getSession().getApplicationBufferSize();
        try {
            while (true) {
                aside = buffers.withRoom(aside, room);
                int begin = aside.position();
                int end = aside.limit();
                aside.limit(aside.capacity()).position(end);
                SSLEngineResult result;
                try {
                    result = engine.unwrap(records, aside);
                } finally {
                    aside.limit(aside.position()).position(begin);
                }
                if (result.getStatus() != Status.BUFFER_OVERFLOW) {
                    return result;
                }
                room *= 2;
                if (room > LARGEST_ROOM) {
                    throw new SSLException("a record is larger than TLS allows");
                }
            }
        } finally {
            decrypted = buffers.keptIfFilled(aside);
        }
    }

    private ByteBuffer records() {
        ByteBuffer records = incoming;
        if (records == null) {
            throw new IllegalStateException("nothing has arrived");
        }
        return records;
    }

    /** Whether decrypted bytes are kept here, which are read before others. */
    boolean hasDecrypted() {
        return decrypted != null;
    }

    /** Moves the decrypted bytes that are kept here to {@code target}, as far as it has room. */
    void moveDecrypted(ByteBuffer target) {
        ByteBuffer bytes = decrypted;
        if (bytes != null) {
            int count = Math.min(bytes.remaining(), target.remaining());
            target.put(target.position(), bytes, bytes.position(), count).position(target.position() + count);
            bytes.position(bytes.position() + count);
            decrypted = buffers.keptIfFilled(bytes);
        }
    }

    /** Gives back the buffer of the records if all of them are decrypted. */
    void trim() {
        incoming = buffers.keptIfFilled(incoming);
    }

    /** Gives back all buffers. */
    void release() {
        incoming = buffers.released(incoming);
        decrypted = buffers.released(decrypted);
    }
}
