// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The options of TLS, for {@link Connection#startTls}. Immutable. They correspond to the {@code SSLContext} and the keyword arguments of {@code start_tls}.
 *
 * <p>The {@link SSLContext} holds the keys and the trusted authorities. Its key manager chooses the certificate of a server. A server for several hosts
 * needs a key store with a certificate for each, and the key managers of {@code KeyManagerFactory.getInstance("PKIX")}, which choose by the name that the
 * client asks for (SNI); those of the default algorithm do not. Connections of the same context to the same host and port resume a session, which
 * saves most of the handshake.
 */
public final class TlsOptions {

    private final boolean client;
    private @Nullable SSLContext context;
    private @Nullable String serverName;
    private boolean verifyHostName = true;
    private List<String> applicationProtocols = List.of();
    private @Nullable List<String> protocols;
    private @Nullable List<String> cipherSuites;
    private boolean wantClientCertificate;
    private boolean needClientCertificate;
    private Duration handshakeTimeout = Duration.ofSeconds(60);
    private Duration shutdownTimeout = Duration.ofSeconds(30);

    private TlsOptions(boolean client, @Nullable SSLContext context) {
        this.client = client;
        this.context = context;
    }

    /** Returns the options of a client that trusts the authorities which the JDK trusts. */
    public static TlsOptions client() {
        return new TlsOptions(true, null);
    }

    /** Returns the options of a client that trusts the authorities of {@code context}, and has its keys. */
    public static TlsOptions client(SSLContext context) {
        return new TlsOptions(true, Objects.requireNonNull(context, "context"));
    }

    /** Returns the options of a server with the keys of {@code context}. */
    public static TlsOptions server(SSLContext context) {
        return new TlsOptions(false, Objects.requireNonNull(context, "context"));
    }

    private TlsOptions with(Consumer<TlsOptions> change) {
        TlsOptions copy = new TlsOptions(client, context);
        copy.serverName = serverName;
        copy.verifyHostName = verifyHostName;
        copy.applicationProtocols = applicationProtocols;
        copy.protocols = protocols;
        copy.cipherSuites = cipherSuites;
        copy.wantClientCertificate = wantClientCertificate;
        copy.needClientCertificate = needClientCertificate;
        copy.handshakeTimeout = handshakeTimeout;
        copy.shutdownTimeout = shutdownTimeout;
        change.accept(copy);
        return copy;
    }

    /**
     * Returns these options with the name of the server: the client asks for it (SNI), and the server's certificate must be for it. By default, it is the
     * host to which the client has connected. An IP address is not sent, but checked.
     */
    public TlsOptions withServerName(String name) {
        requireClient("the name of the server");
        Objects.requireNonNull(name, "name");
        return with(copy -> copy.serverName = name);
    }

    /**
     * Returns these options with whether the certificate of the server must be for its name, which is the default. Without this check, anybody who has a
     * certificate of a trusted authority can pose as the server.
     */
    public TlsOptions withVerifyHostName(boolean on) {
        requireClient("whether the host name is verified");
        return with(copy -> copy.verifyHostName = on);
    }

    /**
     * Returns these options with the protocols that this side speaks over TLS (ALPN), in the order of its preference, such as {@code h2} and {@code
     * http/1.1}. By default, none is negotiated. See {@link Connection#applicationProtocol}.
     */
    public TlsOptions withApplicationProtocols(String... names) {
        List<String> copied = List.of(names);
        return with(copy -> copy.applicationProtocols = copied);
    }

    /** Returns these options with the versions of TLS, such as {@code TLSv1.3}. By default, those which the JDK has enabled. */
    public TlsOptions withProtocols(String... versions) {
        List<String> copied = List.of(versions);
        return with(copy -> copy.protocols = copied);
    }

    /** Returns these options with the cipher suites, in the order of preference. By default, those which the JDK has enabled. */
    public TlsOptions withCipherSuites(String... suites) {
        List<String> copied = List.of(suites);
        return with(copy -> copy.cipherSuites = copied);
    }

    /** Returns these options with whether the server asks for a certificate of the client, but goes on without one. Off by default. */
    public TlsOptions withWantClientCertificate(boolean on) {
        requireServer("whether it wants a certificate of the client");
        return with(copy -> copy.wantClientCertificate = on);
    }

    /** Returns these options with whether the server demands a certificate of the client. Off by default. */
    public TlsOptions withNeedClientCertificate(boolean on) {
        requireServer("whether it needs a certificate of the client");
        return with(copy -> copy.needClientCertificate = on);
    }

    /**
     * Returns these options with the time limit of the handshake, 60 seconds by default. After it, {@link TlsHandshakeException.TimedOut} is thrown.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public TlsOptions withHandshakeTimeout(Duration limit) {
        requirePositive("handshake", limit);
        return with(copy -> copy.handshakeTimeout = limit);
    }

    /**
     * Returns these options with the time that {@link Connection#closeGracefully} waits for the closing message of the other side, 30 seconds by default.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public TlsOptions withShutdownTimeout(Duration limit) {
        requirePositive("shutdown", limit);
        return with(copy -> copy.shutdownTimeout = limit);
    }

    private static void requirePositive(String what, Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException("the time-out of the " + what + " must be positive, not " + limit);
        }
    }

    void requireClient(String option) {
        if (!client) {
            throw new IllegalArgumentException(option + " is an option of a client; begin with TlsOptions.client()");
        }
    }

    void requireServer(String option) {
        if (client) {
            throw new IllegalArgumentException(
                    option + " is an option of a server; begin with TlsOptions.server(context)");
        }
    }

    boolean isClient() {
        return client;
    }

    Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    Duration shutdownTimeout() {
        return shutdownTimeout;
    }

    /** Returns the name of the server at {@code remote}, or null if it is unknown. */
    @Nullable
    String serverName(@Nullable SocketAddress remote) {
        if (serverName != null) {
            return serverName;
        }
        return remote instanceof InetSocketAddress inet ? inet.getHostString() : null;
    }

    /** Returns these options, for a client that has connected to {@code host}. */
    TlsOptions forHost(String host) {
        return serverName != null ? this : withServerName(host);
    }

    /**
     * Makes the engine of a connection to {@code remote}.
     *
     * @throws IllegalArgumentException if the name of the server must be verified, and is not known
     */
    SSLEngine engine(@Nullable SocketAddress remote) throws SSLException {
        String name = serverName(remote);
        if (client && verifyHostName && name == null) {
            throw new IllegalArgumentException("the name of the server is not known, so it cannot be verified;"
                    + " use TlsOptions.withServerName(name), or withVerifyHostName(false)");
        }
        SSLEngine engine = newEngine(name, remote instanceof InetSocketAddress inet ? inet.getPort() : 0);
        engine.setUseClientMode(client);
        SSLParameters parameters = engine.getSSLParameters();
        if (client && verifyHostName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (client && name != null && isHostName(name)) {
            parameters.setServerNames(serverNames(name));
        }
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        if (protocols != null) {
            parameters.setProtocols(protocols.toArray(String[]::new));
        }
        if (cipherSuites != null) {
            parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
        }
        if (needClientCertificate) {
            parameters.setNeedClientAuth(true);
        } else if (wantClientCertificate) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLEngine newEngine(@Nullable String name, int port) throws SSLException {
        SSLContext used = context;
        if (used == null) {
            try {
                used = SSLContext.getDefault();
            } catch (NoSuchAlgorithmException missing) {
                throw new SSLException("the JDK has no default SSLContext; use TlsOptions.client(context)", missing);
            }
        }
        return client && name != null ? used.createSSLEngine(name, port) : used.createSSLEngine();
    }

    /** Returns what SNI says; nothing for a name that is not one of the Internet, as one with an underscore. */
    private static List<SNIServerName> serverNames(String name) {
        try {
            return List.of(new SNIHostName(name));
        } catch (IllegalArgumentException unusual) {
            return List.of();
        }
    }

    /** Whether {@code name} is a name, and not an IP address, which must not be sent as one. */
    private static boolean isHostName(String name) {
        return !name.isEmpty() && !name.endsWith(".") && !Resolution.isNumeric(name);
    }

    @Override
    public String toString() {
        return "TlsOptions["
                + (client
                        ? "client, serverName=" + serverName + ", verifyHostName=" + verifyHostName
                        : "server, needClientCertificate=" + needClientCertificate)
                + ", applicationProtocols=" + applicationProtocols + "]";
    }
}
