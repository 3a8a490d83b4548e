// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@link Net#connect(String, int, ConnectOptions)}. Immutable. They correspond to the keyword arguments of {@code open_connection}.
 *
 * <pre>{@code
 * Connection connection = await(Net.connect("example.org", 80, ConnectOptions.DEFAULT.withTimeout(Duration.ofSeconds(5))));
 * }</pre>
 */
public final class ConnectOptions {

    /** The options of a call without options. */
    public static final ConnectOptions DEFAULT = new ConnectOptions();

    @Nullable
    Duration timeout;

    @Nullable
    SocketAddress localAddress;

    @Nullable
    Duration happyEyeballsDelay = Duration.ofMillis(250);

    Resolver resolver = Resolver.system();

    SocketSettings settings = SocketSettings.DEFAULT;

    @Nullable
    TlsOptions tls;

    private ConnectOptions() {}

    private ConnectOptions with(Consumer<ConnectOptions> change) {
        ConnectOptions copy = new ConnectOptions();
        copy.timeout = timeout;
        copy.localAddress = localAddress;
        copy.happyEyeballsDelay = happyEyeballsDelay;
        copy.resolver = resolver;
        copy.settings = settings;
        copy.tls = tls;
        change.accept(copy);
        return copy;
    }

    private ConnectOptions with(SocketSettings changed) {
        return with(copy -> copy.settings = changed);
    }

    /**
     * Returns these options with a time limit for the whole of name resolution and connecting. After it, {@code connect} throws a {@link
     * java.net.SocketTimeoutException}. By default, there is no limit but the system's, which is often minutes long.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public ConnectOptions withTimeout(Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException("the time to connect must be positive, not " + limit);
        }
        return with(copy -> copy.timeout = limit);
    }

    /** Returns these options with the address to which the socket is bound before it connects. By default, the system chooses it. */
    public ConnectOptions withLocalAddress(SocketAddress address) {
        Objects.requireNonNull(address, "address");
        return with(copy -> copy.localAddress = address);
    }

    /**
     * Returns these options with the time after which the next address of a host is tried although the previous attempt is still pending (RFC 8305). Null
     * means that each attempt waits until the previous one has failed. The default is 250 milliseconds.
     *
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public ConnectOptions withHappyEyeballsDelay(@Nullable Duration delay) {
        if (delay != null && delay.isNegative()) {
            throw new IllegalArgumentException("the delay between attempts must not be negative, as " + delay + " is");
        }
        return with(copy -> copy.happyEyeballsDelay = delay);
    }

    /** Returns these options with what finds the addresses of a host. The default is {@link Resolver#system()}. */
    public ConnectOptions withResolver(Resolver resolving) {
        Objects.requireNonNull(resolving, "resolving");
        return with(copy -> copy.resolver = resolving);
    }

    /**
     * Returns these options with the most bytes of a line, or before a separator. The default is 64 KiB.
     *
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public ConnectOptions withLimit(int bytes) {
        return with(settings.withLimit(bytes));
    }

    /**
     * Returns these options with the time that {@link Connection#closeGracefully} waits until the system has taken what was written, 30 seconds by default. A peer that
     * does not read cannot hold the connection any longer.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public ConnectOptions withCloseTimeout(Duration limit) {
        return with(settings.withCloseTimeout(limit));
    }

    /** Returns these options with {@code TCP_NODELAY}, which is on by default: small packets are not held back. */
    public ConnectOptions withNoDelay(boolean on) {
        return with(settings.withNoDelay(on));
    }

    /** Returns these options with {@code SO_KEEPALIVE}, which is off by default: whether the system probes a silent peer. */
    public ConnectOptions withKeepAlive(boolean on) {
        return with(settings.withKeepAlive(on));
    }

    /** Returns these options with the size of the system's send buffer in bytes. With 0, the default, the system chooses it. */
    public ConnectOptions withSendBuffer(int bytes) {
        return with(settings.withSendBuffer(bytes));
    }

    /** Returns these options with the size of the system's receive buffer in bytes. With 0, the default, the system chooses it. */
    public ConnectOptions withReceiveBuffer(int bytes) {
        return with(settings.withReceiveBuffer(bytes));
    }

    /**
     * Returns these options with TLS: a connection makes the handshake before {@code connect} ends. The name of the server is the host to which it connects,
     * unless {@code options} have another. The time limit of {@link #withTimeout} includes the handshake.
     *
     * @throws IllegalArgumentException if {@code options} are those of a server
     */
    public ConnectOptions withTls(TlsOptions options) {
        options.requireClient("TLS of a connection that is made");
        return with(copy -> copy.tls = options);
    }

    @Override
    public String toString() {
        return "ConnectOptions[timeout=" + timeout + ", localAddress=" + localAddress + ", happyEyeballsDelay="
                + happyEyeballsDelay + ", " + settings + "]";
    }
}
