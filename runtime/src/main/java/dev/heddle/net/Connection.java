// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.TimeoutException;
import dev.heddle.internal.io.BufferPool;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A stream of bytes in both directions: a TCP or Unix-domain socket, with or without TLS, or any other {@link Transport}. {@link Net#connect} and {@link
 * Net#serve} make connections. One coroutine at a time reads, and one writes; they may be two different ones. Corresponds to the pair of {@code
 * StreamReader} and {@code StreamWriter} of {@code asyncio}.
 *
 * <p>Used on the thread of the loop on which it was made.
 */
public final class Connection implements ReadStream, WriteStream, AutoCloseable {

    /** The limit of lines and separators by default, in bytes. */
    static final int DEFAULT_LIMIT = 64 * 1024;

    /** How long {@link #closeGracefully} waits for the end of the other side's output. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    final EventLoop loop;
    final LoopCore core;
    final BufferPool pool;

    /** The most bytes of a line, or before a separator. */
    final int limit;

    Transport transport;

    private final StreamReader reader = new StreamReader(this);
    private final StreamWriter writer = new StreamWriter(this);

    /** How long {@link #closeGracefully} waits until what was written is sent. Null if there is no limit. */
    private final @Nullable Duration closeTimeout;

    /** Whether {@link #closeGracefully} was called. */
    private boolean closing;

    private boolean closed;

    private Connection(EventLoop loop, Transport transport, int limit, @Nullable Duration closeTimeout) {
        this.loop = loop;
        this.core = LoopAccess.core(loop);
        this.pool = BufferPool.of(core);
        this.limit = limit;
        this.transport = transport;
        this.closeTimeout = closeTimeout;
    }

    /** Makes a connection of the running loop over {@code transport}. Lines and separators may be up to 64 KiB long. */
    public static Connection over(Transport transport) {
        return over(transport, DEFAULT_LIMIT);
    }

    /**
     * As {@link #over(Transport)}. Lines, and what precedes a separator, may be up to {@code limit} bytes long.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public static Connection over(Transport transport, int limit) {
        Objects.requireNonNull(transport, "transport");
        if (limit <= 0) {
            throw new IllegalArgumentException("the limit of lines must be positive, not " + limit);
        }
        return new Connection(Asyncio.getRunningLoop(), transport, limit, null);
    }

    /** Makes a connection of the running loop over a socket. */
    static Connection over(SocketTransport socket, SocketSettings settings) {
        return new Connection(Asyncio.getRunningLoop(), socket, settings.limit(), settings.closeTimeout());
    }

    // Reading

    @Override
    @CheckReturnValue
    public Coroutine<Integer> read(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer");
        }
        return reader.read(target);
    }

    @Override
    @CheckReturnValue
    public Coroutine<byte[]> readExactly(int count) throws IOException {
        if (count < 0) {
            throw new IllegalArgumentException("cannot read " + count + " bytes");
        }
        return reader.readExactly(count);
    }

    @Override
    @CheckReturnValue
    public Coroutine<byte[]> readUntil(byte[] separator) throws IOException {
        if (separator.length == 0) {
            throw new IllegalArgumentException("a separator has at least one byte");
        }
        return reader.readUntil(separator.clone());
    }

    @Override
    @CheckReturnValue
    public Coroutine<@Nullable String> readLine() throws IOException {
        return reader.readLine();
    }

    @Override
    @CheckReturnValue
    public Coroutine<byte[]> readAll(int limit) throws IOException {
        if (limit < 0) {
            throw new IllegalArgumentException("the limit of bytes must not be negative, as " + limit + " is");
        }
        return reader.readAll(limit);
    }

    // Writing

    @Override
    @CheckReturnValue
    public Coroutine<Void> write(ByteBuffer source) throws IOException {
        return writer.write(Objects.requireNonNull(source, "source"));
    }

    @Override
    @CheckReturnValue
    public Coroutine<Void> write(byte[] source) throws IOException {
        return writer.write(ByteBuffer.wrap(source));
    }

    /**
     * Writes {@code count} bytes of {@code file}, beginning at {@code position}. Over a socket without TLS the system copies them by itself. Reading the
     * file blocks the loop if the file is not in memory. The position of the channel does not change. Corresponds to {@code loop.sendfile}.
     *
     * <p>The coroutine throws an {@link EOFException} if the file ends before. After that, and if it is cancelled, the program does not learn how much was sent, so that the
     * stream counts as cut when the connection is closed; see {@link #close}.
     */
    @CheckReturnValue
    public Coroutine<Void> sendFile(FileChannel file, long position, long count) throws IOException {
        Objects.requireNonNull(file, "file");
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException("cannot send " + count + " bytes of a file from position " + position);
        }
        return writer.sendFile(file, position, count);
    }

    @Override
    @CheckReturnValue
    public Coroutine<Void> shutdownOutput() throws IOException {
        return writer.shutdown();
    }

    // TLS

    /**
     * Begins TLS: makes the handshake, after which everything is encrypted. Everything that was written is sent before. Bytes that have arrived and were not
     * read are given to TLS. If the handshake fails, or is cancelled, the connection is closed. TLS over TLS is possible. Corresponds to {@code
     * StreamWriter.start_tls}.
     *
     * <p>The coroutine throws a {@link TlsHandshakeException} that names the reason. After TLS 1.3, {@link #shutdownOutput} ends only this direction; before
     * it, the other side ends its direction too, as soon as it gets the closing message. A read throws a {@link TlsTruncatedException} if the stream ends
     * without that message. Keys are renewed, and tickets for the resumption of sessions are taken, by the reads. A client makes the new handshake for which
     * a server asks before TLS 1.3. A server refuses a client that asks for one, and the reads and writes after that throw an {@link SSLException}.
     *
     * @throws IllegalArgumentException if the host name is to be verified and is not known
     */
    @Async
    @CheckReturnValue
    public Coroutine<Void> startTls(TlsOptions options) throws IOException {
        Objects.requireNonNull(options, "options");
        await(writer.hold());
        try {
            reader.hold();
            try {
                SSLEngine engine = options.engine(transport.remoteAddress());
                await(startTls(options, engine));
            } finally {
                reader.letGo();
            }
        } finally {
            writer.letGo();
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> startTls(TlsOptions options, SSLEngine engine) throws IOException {
        ByteBuffer arrived = reader.takeBuffered();
        TlsTransport tls =
                new TlsTransport(loop, transport, TlsBuffers.of(core), options, engine, peer(options), arrived);
        pool.give(arrived);
        transport = tls;
        try {
            await(tls.handshake());
        } catch (Throwable failure) {
            close();
            throw failure;
        }
        return Coroutine.done();
    }

    /** Names the other side for messages. */
    private String peer(TlsOptions options) {
        SocketAddress remote = transport.remoteAddress();
        String name = options.isClient() ? options.serverName(remote) : null;
        String address = remote == null ? transport.toString() : Failures.text(remote);
        return name == null || address.startsWith(name) ? address : name + " (" + address + ")";
    }

    /** Returns the protocol that both sides have agreed on by ALPN, or null if there is none, or no TLS. */
    public @Nullable String applicationProtocol() {
        return transport instanceof TlsTransport tls ? tls.applicationProtocol() : null;
    }

    /** Returns the session of TLS, which has the certificates, the version and the cipher suite; null without TLS. */
    public @Nullable SSLSession tlsSession() {
        return transport instanceof TlsTransport tls ? tls.session() : null;
    }

    static void requireInside(FileChannel file, long position) throws IOException {
        if (position >= file.size()) {
            throw new EOFException("the file has only " + file.size() + " bytes; it ended before everything was sent");
        }
    }

    // Closing

    /**
     * Closes this connection at once. What was written is sent if the system accepts it without waiting. If it accepts all of it, TLS sends its closing
     * message; if not, or if a write has ended before its time and was not continued, the other side learns that the stream was cut, as after {@link #abort}. Coroutines that read or write get a {@link
     * ConnectionClosedException}. Idempotent.
     */
    @Override
    public void close() {
        close(true);
    }

    /**
     * Closes this connection at once, as {@link #close} does, but TLS sends no closing message: reads of the other side end with a {@link
     * TlsTruncatedException}. It then knows that it has only a part, unless {@link #shutdownOutput} has ended the output before. Over sockets without TLS, this
     * is the same as {@link #close}. For a program that cannot complete what it is sending. Corresponds to {@code transport.abort}.
     */
    public void abort() {
        close(false);
    }

    private void close(boolean whole) {
        core.requireThread();
        if (closed) {
            return;
        }
        try {
            writer.sendWhatIsGathered();
        } finally {
            closed = true;
            closeTransport(whole);
        }
    }

    private void closeTransport(boolean whole) {
        try {
            if (whole && !writer.isCut()) {
                transport.close();
            } else {
                transport.abort();
            }
        } finally {
            reader.release();
            writer.release();
        }
    }

    /**
     * Sends everything that was written, ends the output, drops what the other side still sends until it has ended its output too, for at most one second
     * (with TLS, {@link TlsOptions#withShutdownTimeout}), and closes this connection. A connection that is closed while input waits would be reset, and the other side might lose the end of what was written. A
     * coroutine that writes is awaited first, and one that reads can go on until the connection is closed; but if it pauses between two reads, the next one throws a {@link ConnectionClosedException}. After a write that has ended before its time and
     * was not continued, TLS sends no closing message. If this is cancelled, or fails, the connection is
     * closed at once. Does nothing if the connection is closed.
     *
     * <p>If the other side does not read, also while a coroutine that writes is awaited, the coroutine throws a {@link java.net.SocketTimeoutException} after 30 seconds, or what {@link ServeOptions#withCloseTimeout} and
     * {@link ConnectOptions#withCloseTimeout} set, and what it has not read is lost. Connections over other transports wait without a limit.
     */
    @Async
    @CheckReturnValue
    public Coroutine<Void> closeGracefully() throws IOException {
        if (closed) {
            return Coroutine.done();
        }
        closing = true;
        try {
            await(writer.flush(closeTimeout));
            try {
                if (transport instanceof TlsTransport tls) {
                    if (!writer.isCut()) {
                        await(Asyncio.timeout(tls.shutdownTimeout, time -> shutDownBothWays()));
                    }
                } else {
                    await(writer.shutdown());
                    await(Asyncio.timeout(LINGER, time -> reader.discard()));
                }
            } catch (TimeoutException | IOException gone) {
                // The other side has got everything that can be sent.
            }
        } finally {
            close();
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> shutDownBothWays() throws IOException {
        await(writer.shutdown());
        return reader.discard();
    }

    /** Whether this connection is closed. */
    public boolean isClosed() {
        return closed;
    }

    // Addresses

    /** Returns the address of this end, or null if the transport has none or is closed. */
    public @Nullable SocketAddress localAddress() {
        return transport.localAddress();
    }

    /** Returns the address of the other end, or null if the transport has none or is closed. */
    public @Nullable SocketAddress remoteAddress() {
        return transport.remoteAddress();
    }

    // For the reader and the writer

    boolean isClosing() {
        return closing;
    }

    void requireOpen() throws IOException {
        core.requireThread();
        if (closed) {
            throw new ConnectionClosedException(this + " is closed");
        }
    }

    int receive(ByteBuffer target) throws IOException {
        if (closed) {
            throw new ConnectionClosedException(this + " was closed while a coroutine read from it");
        }
        return transport.read(target);
    }

    /** Waits for input. What was written is sent first, because the other side may wait for it. */
    Coroutine<Void> readable() {
        writer.sendWhatIsGathered();
        return transport.readable();
    }

    /** Identifies the turn of the loop. */
    long turn() {
        return core.meter.lastStep();
    }

    @Override
    public String toString() {
        return "<Connection " + transport + (closed ? " closed>" : ">");
    }
}
