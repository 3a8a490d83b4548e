// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The options of {@link Net#serve}. Immutable. They correspond to the keyword arguments of {@code start_server}. */
public final class ServeOptions {

    /** The options of a call without options. */
    public static final ServeOptions DEFAULT = new ServeOptions();

    int backlog = 100;
    int mostConnections = Integer.MAX_VALUE;
    boolean reusePort;
    boolean cleanUpSocket = true;
    SocketSettings settings = SocketSettings.DEFAULT;

    @Nullable
    TlsOptions tls;

    private ServeOptions() {}

    private ServeOptions with(Consumer<ServeOptions> change) {
        ServeOptions copy = new ServeOptions();
        copy.backlog = backlog;
        copy.mostConnections = mostConnections;
        copy.reusePort = reusePort;
        copy.cleanUpSocket = cleanUpSocket;
        copy.settings = settings;
        copy.tls = tls;
        change.accept(copy);
        return copy;
    }

    private ServeOptions with(SocketSettings changed) {
        return with(copy -> copy.settings = changed);
    }

    /**
     * Returns these options with the number of connections that the system holds until they are accepted. The server accepts at most one more of them
     * before it lets the rest of the loop run. The default is 100.
     *
     * @throws IllegalArgumentException if {@code connections} is not positive
     */
    public ServeOptions withBacklog(int connections) {
        requirePositive("backlog", connections);
        return with(copy -> copy.backlog = connections);
    }

    /**
     * Returns these options with the most connections that the server has at once. When there are so many, it accepts no more until one has closed;
     * clients wait in the backlog meanwhile. By default, there is no limit.
     *
     * @throws IllegalArgumentException if {@code connections} is not positive
     */
    public ServeOptions withMostConnections(int connections) {
        requirePositive("number of connections", connections);
        return with(copy -> copy.mostConnections = connections);
    }

    private static void requirePositive(String what, int number) {
        if (number <= 0) {
            throw new IllegalArgumentException("the " + what + " must be positive, not " + number);
        }
    }

    /**
     * Returns these options with {@code SO_REUSEPORT}, which is off by default. With it, several servers can listen at the same address, and the system
     * distributes the connections among them. {@code serve} throws an {@link UnsupportedOperationException} where the platform has no such option.
     */
    public ServeOptions withReusePort(boolean on) {
        return with(copy -> copy.reusePort = on);
    }

    /** Returns these options with whether the file of a Unix-domain socket is deleted when the server is closed, which is the default. */
    public ServeOptions withCleanUpSocket(boolean on) {
        return with(copy -> copy.cleanUpSocket = on);
    }

    /**
     * Returns these options with the most bytes of a line, or before a separator. The default is 64 KiB.
     *
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public ServeOptions withLimit(int bytes) {
        return with(settings.withLimit(bytes));
    }

    /**
     * Returns these options with the time that {@link Connection#closeGracefully} waits until the system has taken what was written, 30 seconds by default. A peer that
     * does not read cannot hold the connection any longer.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public ServeOptions withCloseTimeout(Duration limit) {
        return with(settings.withCloseTimeout(limit));
    }

    /** Returns these options with {@code TCP_NODELAY}, which is on by default: small packets are not held back. */
    public ServeOptions withNoDelay(boolean on) {
        return with(settings.withNoDelay(on));
    }

    /** Returns these options with {@code SO_KEEPALIVE}, which is off by default: whether the system probes a silent peer. */
    public ServeOptions withKeepAlive(boolean on) {
        return with(settings.withKeepAlive(on));
    }

    /** Returns these options with the size of the system's send buffer in bytes. With 0, the default, the system chooses it. */
    public ServeOptions withSendBuffer(int bytes) {
        return with(settings.withSendBuffer(bytes));
    }

    /** Returns these options with the size of the system's receive buffer in bytes. With 0, the default, the system chooses it. */
    public ServeOptions withReceiveBuffer(int bytes) {
        return with(settings.withReceiveBuffer(bytes));
    }

    /**
     * Returns these options with TLS: a connection makes the handshake before its handler is called, while others are accepted. If the handshake fails, the
     * connection is closed, and its handler is not called. As scanners, and clients that do not trust the certificate, cause such failures at any time, they
     * are not reported to the exception handler, but logged by {@link System.Logger} {@code dev.heddle} at level {@code DEBUG}.
     *
     * @throws IllegalArgumentException if {@code options} are those of a client
     */
    public ServeOptions withTls(TlsOptions options) {
        options.requireServer("TLS of a server");
        return with(copy -> copy.tls = options);
    }

    @Override
    public String toString() {
        return "ServeOptions[backlog=" + backlog + ", mostConnections=" + mostConnections + ", reusePort=" + reusePort
                + ", cleanUpSocket=" + cleanUpSocket + ", " + settings + "]";
    }
}
