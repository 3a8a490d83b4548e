// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another transport. Records that have arrived are decrypted by the reader, and bytes to be written are encrypted by the writer.
 *
 * <p>A peer that asks for new keys, or sends a ticket, is answered by the reader. If it asks for a whole new handshake (before TLS 1.3), the reader and the
 * writer wait for the task that makes it.
 */
final class TlsTransport extends Transport {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** After so many records or reads from below without a byte for the program, the reader lets the rest of the loop run. */
    private static final int MOST_WITHOUT_BYTES = 64;

    /** How long the closing message of the other side is waited for. */
    final Duration shutdownTimeout;

    private final Transport below;
    private final SSLEngine engine;
    private final TlsState state;
    private final TlsInput input;
    private final TlsOutput output;
    private final TlsHandshake handshake;

    /** Whether the other side has sent its closing message. */
    private boolean inputEnded;

    /** Whether the last read has stopped to let the rest of the loop run. */
    private boolean paused;

    /** TLS with {@code engine} over {@code below}, which has delivered the bytes {@code arrived} already. Messages call the other side {@code peer}. */
    TlsTransport(
            EventLoop loop,
            Transport below,
            TlsBuffers buffers,
            TlsOptions options,
            SSLEngine engine,
            String peer,
            ByteBuffer arrived) {
        this.below = below;
        this.engine = engine;
        this.shutdownTimeout = options.shutdownTimeout();
        String serverName = options.serverName(below.remoteAddress());
        this.state = new TlsState(engine, below, new TlsFailures(options.isClient(), peer, serverName));
        this.input = new TlsInput(below, buffers, engine, state, arrived);
        this.output = new TlsOutput(loop, below, buffers, engine, state);
        this.handshake = new TlsHandshake(loop, below, engine, input, output, state, options.handshakeTimeout());
    }

    /** Makes the handshake. If it fails, the transport is of no more use. */
    Coroutine<Void> handshake() throws IOException {
        return handshake.begin();
    }

    // Input

    @Override
    protected int read(ByteBuffer target) throws IOException {
        int begin = target.position();
        if (input.hasDecrypted()) {
            input.moveDecrypted(target);
        } else {
            decrypt(target);
        }
        int count = target.position() - begin;
        return count > 0 || !inputEnded ? count : -1;
    }

    /** Decrypts records into {@code target} while there are any. */
    private void decrypt(ByteBuffer target) throws IOException {
        state.requireOpen();
        int begin = target.position();
        int withoutBytes = 0;
        try {
            boolean more = true;
            while (more && !isInputHeld() && !inputEnded && target.hasRemaining()) {
                boolean empty = target.position() == begin;
                if (empty && ++withoutBytes > MOST_WITHOUT_BYTES) {
                    paused = true;
                    break;
                }
                more = decryptRecord(target, empty);
            }
        } catch (SSLException broken) {
            fail(broken);
            if (target.position() == begin) {
                state.requireOpen();
            }
        } catch (IOException broken) {
            state.fail(broken); // so that a close does not claim a proper end with a closing message
            throw broken;
        } finally {
            input.trim();
        }
    }

    /** Decrypts a record. Without one, fetches bytes from below if {@code fetching}. Returns false if there is no other to be decrypted now. */
    private boolean decryptRecord(ByteBuffer target, boolean fetching) throws IOException {
        if (fetching ? !input.hasRecords() : !input.hasRecordsOfData()) {
            return fetching && input.fetch();
        }
        SSLEngineResult result = input.decrypt(target);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            if (!fetching) {
                return false;
            }
            result = input.decryptAside();
            if (input.hasDecrypted()) {
                input.moveDecrypted(target);
                return false;
            }
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return fetching && input.fetch();
        }
        if (result.getStatus() == Status.CLOSED) {
            endOfInput();
            return false;
        }
        if (result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            output.answer();
            HandshakeStatus next = engine.getHandshakeStatus();
            if (next == HandshakeStatus.NEED_TASK || (next == HandshakeStatus.NEED_UNWRAP && !output.isEnded())) {
                handshake.renew();
                return false;
            }
        }
        return true;
    }

    /** The other side has sent its closing message. Before TLS 1.3 the engine answers it at once, which ends the output too. */
    private void endOfInput() throws IOException {
        inputEnded = true;
        if (!engine.getSession().getProtocol().equals("TLSv1.3") && !output.isEnded()) {
            output.markEnded();
            output.encryptEnd();
            output.startSending();
        }
    }

    /** Whether nothing may be read now, as something else has to be done first. */
    private boolean isInputHeld() {
        return handshake.renewal() != null || output.isFull();
    }

    @Override
    protected Coroutine<Void> readable() {
        return paused || isInputHeld() ? unheld() : below.readable();
    }

    /** Waits until the next read may be made although nothing else has arrived. */
    @Async
    private Coroutine<Void> unheld() {
        Task<Void> renewal = handshake.renewal();
        Task<Void> first = renewal == null ? output.sending() : renewal;
        if (paused) {
            await(letOthersRun());
        } else if (first != null) {
            await(Asyncio.shield(first));
        }
        return Coroutine.done();
    }

    private Awaitable<Void> letOthersRun() {
        paused = false;
        return Asyncio.sleep(0);
    }

    // Output

    @Override
    protected void write(ByteBuffer source) throws IOException {
        write(source, NOTHING);
    }

    @Override
    protected void write(ByteBuffer first, ByteBuffer second) throws IOException {
        ByteBuffer[] sources = {first, second};
        output.requireOpen();
        while ((first.hasRemaining() || second.hasRemaining())
                && handshake.renewal() == null
                && output.passOnRecords()) {
            if (output.isEnded()) {
                throw state.failures.outputEnded();
            }
            try {
                SSLEngineResult result = output.encrypt(sources);
                while (result.bytesConsumed() > 0
                        && (first.hasRemaining() || second.hasRemaining())
                        && output.hasRoomForAnother()) {
                    result = output.encrypt(sources);
                }
                if (result.bytesConsumed() == 0) {
                    withoutProgress(result);
                }
            } catch (SSLException broken) {
                fail(broken);
                state.requireOpen();
            }
        }
        if (output.hasRecords() && output.passOnRecords()) {
            below.flush();
        }
    }

    /** The engine takes no bytes of the program, as the other side has closed the connection or wants a new handshake. */
    private void withoutProgress(SSLEngineResult result) throws SSLException {
        if (result.getStatus() == Status.CLOSED) {
            output.markEnded();
            throw state.failures.outputEnded();
        }
        HandshakeStatus next = engine.getHandshakeStatus();
        if (next == HandshakeStatus.NEED_TASK || next == HandshakeStatus.NEED_UNWRAP) {
            handshake.renew();
        } else if (result.bytesProduced() == 0) {
            throw new SSLException("the engine encrypts nothing in the state " + next);
        }
    }

    @Override
    @Async
    protected Coroutine<Void> writable() {
        Task<Void> renewal = handshake.renewal();
        if (renewal != null) {
            await(Asyncio.shield(renewal));
            return Coroutine.done();
        }
        output.startSending();
        Task<Void> sending = output.sending();
        if (sending != null) {
            await(Asyncio.shield(sending));
        }
        return Coroutine.done();
    }

    @Override
    protected boolean flush() throws IOException {
        output.requireOpen();
        return handshake.renewal() == null && output.sending() == null && output.passOn();
    }

    // The end

    /** Sends the closing message. With TLS 1.3, the other side may go on sending. */
    @Override
    protected void shutdownOutput() throws IOException {
        output.requireOpen();
        output.end();
    }

    /** Sends the closing message if the transport below takes it at once, and closes it. */
    @Override
    protected void close() {
        try {
            if (!state.isClosed()
                    && state.isEstablished()
                    && !state.hasFailed()
                    && !handshake.isComputing()
                    && !output.isEnded()) {
                output.end();
                output.passOnRecords();
                below.flush();
            }
        } catch (IOException gone) {
            // Then the other side does not get it.
        } finally {
            release();
            below.close();
        }
    }

    /** Sends no closing message, so that the other side learns that the stream was cut. */
    @Override
    protected void abort() {
        release();
        below.abort();
    }

    private void release() {
        state.close();
        input.release();
        output.release();
    }

    private void fail(SSLException broken) {
        if (!state.hasFailed()) {
            state.fail(broken instanceof TlsTruncatedException ? broken : state.failures.broken(broken));
            handshake.sendAlert();
        }
    }

    // Properties

    SSLSession session() {
        return engine.getSession();
    }

    /** Returns the protocol that was negotiated, or null if none was. */
    @Nullable
    String applicationProtocol() {
        String name = engine.getApplicationProtocol();
        return name == null || name.isEmpty() ? null : name;
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
        return state.toString();
    }
}
