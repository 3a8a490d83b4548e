package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
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
 * TLS over another transport. Records that have arrived are decrypted by the reader, into its own buffer if they fit. Bytes to be written are encrypted by
 * the writer; a task passes on the records that the transport below does not take at once, so a cancelled write leaves no half of a record unsent. Buffers
 * are borrowed while they hold bytes.
 *
 * <p>A peer that asks for new keys, or sends a ticket, is answered by the reader. If it asks for a whole new handshake (before TLS 1.3), a task makes
 * it, and the reader and the writer wait for that task.
 */
final class TlsTransport extends Transport {

    /** Written to produce a record without bytes of the program. */
    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    /**
     * The first byte of a record with an alert, before TLS 1.3. After other bytes it is left to the next read: a closing message ends the output too, and the
     * program may want to answer these bytes first.
     */
    private static final byte ALERT = 21;

    /** With more answers than this not yet passed on, in bytes, nothing is read: a peer may ask again and again, and never read. */
    private static final int MOST_ANSWERS = 64 * 1024;

    /** The most bytes that a peer may send while a new handshake is under way. */
    private static final int MOST_DURING_HANDSHAKE = 1024 * 1024;

    private final Transport below;
    private final EventLoop loop;
    private final TlsBuffers buffers;
    private final SSLEngine engine;
    private final TlsFailures failures;
    private final Duration handshakeTimeout;

    /** How long the closing message of the other side is waited for. */
    final Duration shutdownTimeout;

    /** The records that have arrived and are not decrypted. Null if there are none. */
    private @Nullable ByteBuffer incoming;

    /** The bytes that are decrypted and not read. Null if there are none. */
    private @Nullable ByteBuffer decrypted;

    /** The records that are not passed on. Null if there are none. */
    private @Nullable ByteBuffer outgoing;

    /** Passes on {@link #outgoing}. Null if the transport below has taken everything. */
    private @Nullable Task<Void> sending;

    /** The new handshake of an established connection. Null if there is none. */
    private @Nullable Task<Void> renewal;

    /** Whether the engine's tasks run on another thread. */
    private boolean computing;

    private boolean established;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean outputBelowEnded;
    private boolean closed;

    /** Why this transport cannot be used any more. Null if it can. */
    private @Nullable IOException failure;

    /** Why nothing can be sent any more. What has arrived can still be read. Null if that is not so. */
    private @Nullable IOException outputFailure;

    /** TLS with {@code engine} over {@code below}, which has delivered the bytes {@code arrived} already. Messages call the other side {@code peer}. */
    TlsTransport(
            EventLoop loop,
            Transport below,
            TlsBuffers buffers,
            TlsOptions options,
            SSLEngine engine,
            String peer,
            ByteBuffer arrived) {
        this.loop = loop;
        this.below = below;
        this.buffers = buffers;
        this.engine = engine;
        this.failures = new TlsFailures(options.isClient(), peer, options.serverName(below.remoteAddress()));
        this.handshakeTimeout = options.handshakeTimeout();
        this.shutdownTimeout = options.shutdownTimeout();
        if (arrived.hasRemaining()) {
            incoming = buffers.withRoom(buffers.take(), arrived.remaining());
            incoming.limit(arrived.remaining()).put(arrived).flip();
        }
    }

    // The handshake

    /** Makes the handshake. If it fails, the transport is of no more use. */
    @Async
    Coroutine<Void> handshake() throws IOException {
        try {
            engine.beginHandshake();
            await(shakeInTime());
            established = true;
        } catch (TimeoutException late) {
            throw failures.timedOut(handshakeTimeout, late);
        } catch (IOException broken) {
            sendAlert();
            throw failures.handshake(broken);
        } finally {
            releaseIncoming();
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> shakeInTime() throws IOException {
        return Asyncio.timeout(handshakeTimeout, time -> shake());
    }

    /** Makes the steps of a handshake until it is over. */
    @Async
    private Coroutine<Void> shake() throws IOException {
        while (true) {
            requireOutput();
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> await(compute());
                case NEED_WRAP -> {
                    if (wrap(NOTHING).getStatus() == Status.CLOSED) {
                        throw failures.ended();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    startSending(); // not awaited: the other side may read no more until this one has read
                    if (!shakeWithIncoming()) {
                        releaseIncoming();
                        await(below.readable());
                    }
                }
                default -> {
                    startSending(); // not awaited: after it, the other side may be slow to read its tickets
                    return Coroutine.done();
                }
            }
        }
    }

    /** Lets the engine do on another thread what takes long, such as the verification of a signature. */
    @Async
    private Coroutine<Void> compute() {
        computing = true;
        await(Asyncio.toThread(() -> {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            return null;
        }));
        computing = false;
        return Coroutine.done();
    }

    /** Gives the engine one record. Returns false if none is there. */
    private boolean shakeWithIncoming() throws IOException {
        if (incoming == null) {
            return fetch();
        }
        SSLEngineResult result = decryptAside(incoming);
        if (result.getStatus() == Status.CLOSED) {
            throw failures.ended();
        }
        ByteBuffer aside = decrypted;
        if (aside != null && aside.remaining() > MOST_DURING_HANDSHAKE) {
            throw new SSLException("the other side has sent over " + MOST_DURING_HANDSHAKE
                    + " bytes during a new handshake, and does not go on with it");
        }
        return result.getStatus() != Status.BUFFER_UNDERFLOW || fetch();
    }

    /** Begins a new handshake, which the other side has asked for. */
    private void renew() {
        renewal = loop.createTask(renewInTask(), "handshake of " + this);
    }

    @Async
    private Coroutine<Void> renewInTask() {
        try {
            await(shakeInTime());
        } catch (TimeoutException late) {
            failure = failures.timedOut(handshakeTimeout, late);
        } catch (IOException broken) {
            sendAlert();
            failure = failures.handshake(broken);
        } finally {
            renewal = null;
            releaseIncoming();
        }
        return Coroutine.done();
    }

    /** Sends why the engine has failed, if it has anything to say about that, as far as that is possible without waiting. */
    private void sendAlert() {
        try {
            if (!closed && !computing) {
                answer();
                passOn();
            }
        } catch (IOException gone) {
            // The other side does not learn it.
        }
    }

    // Input

    @Override
    protected int read(ByteBuffer target) throws IOException {
        int begin = target.position();
        if (decrypted == null) {
            decrypt(target);
        } else {
            moveDecrypted(decrypted, target);
        }
        int count = target.position() - begin;
        return count > 0 || !inputEnded ? count : -1;
    }

    /** Decrypts records into {@code target} while there are any. */
    private void decrypt(ByteBuffer target) throws IOException {
        requireOpen();
        int begin = target.position();
        try {
            while (!isInputHeld() && !inputEnded && target.hasRemaining()) {
                boolean empty = target.position() == begin;
                if (!decryptRecord(target, empty)) {
                    break;
                }
            }
        } catch (SSLException broken) {
            fail(broken);
            if (target.position() == begin) {
                requireOpen();
            }
        } finally {
            releaseIncoming();
        }
    }

    /** Decrypts a record. Without one, fetches bytes from below if {@code fetching}. Returns false if there is no other to be decrypted now. */
    private boolean decryptRecord(ByteBuffer target, boolean fetching) throws IOException {
        ByteBuffer records = incoming;
        if (records == null) {
            return fetching && fetch();
        }
        if (!fetching && (!records.hasRemaining() || records.get(records.position()) == ALERT)) {
            return false;
        }
        SSLEngineResult result = engine.unwrap(records, target);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            if (!fetching) {
                return false;
            }
            result = decryptAside(records);
            if (decrypted != null) {
                moveDecrypted(decrypted, target);
                return false;
            }
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return fetching && fetch();
        }
        if (result.getStatus() == Status.CLOSED) {
            endOfInput();
            return false;
        }
        if (result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            answer();
            HandshakeStatus next = engine.getHandshakeStatus();
            if (next == HandshakeStatus.NEED_TASK || (next == HandshakeStatus.NEED_UNWRAP && !outputEnded)) {
                renew();
                return false;
            }
        }
        return true;
    }

    /** Decrypts a record into {@link #decrypted}. */
    private SSLEngineResult decryptAside(ByteBuffer records) throws SSLException {
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
                if (room > MOST_DURING_HANDSHAKE) {
                    throw new SSLException("a record is larger than TLS allows");
                }
            }
        } finally {
            decrypted = keptOrGiven(aside);
        }
    }

    private void moveDecrypted(ByteBuffer bytes, ByteBuffer target) {
        int count = Math.min(bytes.remaining(), target.remaining());
        target.put(target.position(), bytes, bytes.position(), count).position(target.position() + count);
        bytes.position(bytes.position() + count);
        decrypted = keptOrGiven(bytes);
    }

    /** Reads more bytes from below. Returns whether there were any. */
    private boolean fetch() throws IOException {
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
            incoming = keptOrGiven(records);
        }
        if (count < 0) {
            throw established ? failures.truncated() : failures.ended();
        }
        return count > 0;
    }

    /** The other side has sent its closing message. Before TLS 1.3 the engine answers it at once, which ends the output too. */
    private void endOfInput() throws IOException {
        inputEnded = true;
        if (!engine.getSession().getProtocol().equals("TLSv1.3") && !outputEnded) {
            outputEnded = true;
            wrap(NOTHING);
            startSending();
        }
    }

    /** Whether nothing may be read now, as something else has to be done first. */
    private boolean isInputHeld() {
        ByteBuffer records = outgoing;
        return renewal != null || (records != null && records.remaining() > MOST_ANSWERS);
    }

    @Override
    protected Coroutine<Void> readable() {
        return isInputHeld() ? unheld() : below.readable();
    }

    @Async
    private Coroutine<Void> unheld() {
        Task<Void> first = renewal == null ? sending : renewal;
        if (first != null) {
            await(Asyncio.shield(first));
        }
        return Coroutine.done();
    }

    private void releaseIncoming() {
        if (incoming != null) {
            incoming = keptOrGiven(incoming);
        }
    }

    /** Returns {@code buffer} if it has bytes; gives it back and returns null if not. */
    private @Nullable ByteBuffer keptOrGiven(ByteBuffer buffer) {
        if (buffer.hasRemaining()) {
            return buffer;
        }
        buffers.give(buffer);
        return null;
    }

    // Output

    @Override
    protected void write(ByteBuffer source) throws IOException {
        write(source, NOTHING[0]);
    }

    @Override
    protected void write(ByteBuffer first, ByteBuffer second) throws IOException {
        ByteBuffer[] sources = {first, second};
        requireOutput();
        while ((first.hasRemaining() || second.hasRemaining()) && renewal == null && passOnRecords()) {
            if (outputEnded) {
                throw failures.outputEnded();
            }
            try {
                SSLEngineResult result = wrap(sources);
                int packet = engine.getSession().getPacketBufferSize();
                ByteBuffer records = outgoing;
                while (result.bytesConsumed() > 0
                        && (first.hasRemaining() || second.hasRemaining())
                        && records != null
                        && records.capacity() - records.limit() >= packet) {
                    result = wrap(sources);
                }
                if (result.bytesConsumed() == 0) {
                    withoutProgress(result);
                }
            } catch (SSLException broken) {
                fail(broken);
                requireOpen();
            }
        }
        if (outgoing != null && passOnRecords()) {
            below.flush();
        }
    }

    /** The engine takes no bytes of the program, as the other side has closed the connection or wants a new handshake. */
    private void withoutProgress(SSLEngineResult result) throws SSLException {
        if (result.getStatus() == Status.CLOSED) {
            outputEnded = true;
            throw failures.outputEnded();
        }
        HandshakeStatus next = engine.getHandshakeStatus();
        if (next == HandshakeStatus.NEED_TASK || next == HandshakeStatus.NEED_UNWRAP) {
            renew();
        } else if (result.bytesProduced() == 0) {
            throw new SSLException("the engine encrypts nothing in the state " + next);
        }
    }

    /** Sends what the engine has to say to the other side by itself. */
    private void answer() throws IOException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            SSLEngineResult result = wrap(NOTHING);
            if (result.getStatus() != Status.OK || result.bytesProduced() == 0) {
                break;
            }
        }
        startSending();
    }

    /** Encrypts up to a record of the bytes of {@code sources} into {@link #outgoing}. */
    private SSLEngineResult wrap(ByteBuffer[] sources) throws SSLException {
        ByteBuffer records = outgoing == null ? buffers.take() : outgoing;
        int room = engine.getSession().getPacketBufferSize();
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
                room *= 2;
            }
        } finally {
            outgoing = keptOrGiven(records);
        }
    }

    /** Passes on {@link #outgoing}, and returns whether the transport below has taken all of it. */
    private boolean passOnRecords() throws IOException {
        ByteBuffer records = outgoing;
        if (records != null) {
            below.write(records);
            outgoing = keptOrGiven(records);
        }
        return outgoing == null;
    }

    /** Passes on everything, and returns whether that is done. */
    private boolean passOn() throws IOException {
        if (!passOnRecords()) {
            return false;
        }
        if (outputEnded && !outputBelowEnded) {
            outputBelowEnded = true;
            below.shutdownOutput();
        }
        return below.flush();
    }

    /** Passes on everything; if the transport below does not take it, a task goes on. A failure is thrown by the write that follows. */
    private void startSending() {
        try {
            if (sending == null && outputFailure == null && !passOn()) {
                sending = loop.createTask(sendInTask(), "sending of " + this);
            }
        } catch (IOException broken) {
            outputFailure = broken;
        }
    }

    @Async
    private Coroutine<Void> sendInTask() {
        try {
            while (!closed && !passOn()) {
                await(below.writable());
            }
        } catch (IOException broken) {
            outputFailure = broken;
        } finally {
            sending = null;
        }
        return Coroutine.done();
    }

    @Override
    @Async
    protected Coroutine<Void> writable() {
        Task<Void> handshake = renewal;
        if (handshake != null) {
            await(Asyncio.shield(handshake));
            return Coroutine.done();
        }
        startSending();
        if (sending != null) {
            await(Asyncio.shield(sending));
        }
        return Coroutine.done();
    }

    @Override
    protected boolean flush() throws IOException {
        requireOutput();
        return sending == null && passOn();
    }

    // The end

    /** Sends the closing message. With TLS 1.3, the other side may go on sending. */
    @Override
    protected void shutdownOutput() throws IOException {
        requireOutput();
        if (!outputEnded) {
            engine.closeOutbound();
            outputEnded = true;
            wrap(NOTHING);
        }
    }

    /** Sends the closing message if the transport below takes it at once, and closes it. */
    @Override
    protected void close() {
        if (closed) {
            return;
        }
        try {
            if (established && failure == null && !computing && !outputEnded) {
                shutdownOutput();
                passOnRecords();
                below.flush();
            }
        } catch (IOException gone) {
            // Then the other side does not get it.
        } finally {
            closed = true;
            below.close();
            incoming = given(incoming);
            decrypted = given(decrypted);
            outgoing = given(outgoing);
        }
    }

    private @Nullable ByteBuffer given(@Nullable ByteBuffer buffer) {
        if (buffer != null) {
            buffers.give(buffer);
        }
        return null;
    }

    private void fail(SSLException broken) {
        if (failure == null) {
            failure = broken instanceof TlsTruncatedException ? broken : failures.broken(broken);
            sendAlert();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new ConnectionClosedException(this + " is closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void requireOutput() throws IOException {
        requireOpen();
        if (outputFailure != null) {
            throw outputFailure;
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
        return (established ? engine.getSession().getProtocol() : "TLS") + " over " + below;
    }
}
