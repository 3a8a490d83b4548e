// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.AsyncFunction;
import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;

/**
 * Makes connections and servers of the running loop:
 *
 * <pre>{@code
 * Server server = await(Net.serve(new InetSocketAddress("localhost", 7), connection -> echo(connection)));
 * Connection connection = await(Net.connect("localhost", 7));
 * }</pre>
 */
public final class Net {

    private Net() {}

    /** As {@link #connect(String, int, ConnectOptions)}, with the default options. */
    @CheckReturnValue
    public static Coroutine<Connection> connect(String host, int port) throws IOException {
        return connect(host, port, ConnectOptions.DEFAULT);
    }

    /**
     * Connects to {@code port} of {@code host}, a name or a numeric address. The addresses of the host are tried in the order of RFC 8305 ("happy
     * eyeballs"): the two families take turns, the next address is tried when an attempt has failed or takes long, and the first connection wins.
     * Corresponds to {@code asyncio.open_connection}.
     *
     * <p>The coroutine throws an {@link java.net.UnknownHostException} if the host has no address, a {@link java.net.ConnectException} if nobody
     * listens there, a {@link java.net.NoRouteToHostException} if the host cannot be reached, a {@link java.net.SocketTimeoutException} if the time-out
     * is over, and a {@link java.net.BindException} if the local address cannot be used. If several addresses fail in different ways, it throws a
     * {@code ConnectException} that names each of them.
     *
     * @throws IllegalArgumentException if {@code port} is not a port
     */
    @CheckReturnValue
    public static Coroutine<Connection> connect(String host, int port, ConnectOptions options) throws IOException {
        return Connecting.to(host, port, options).run();
    }

    /** As {@link #connect(SocketAddress, ConnectOptions)}, with the default options. */
    @CheckReturnValue
    public static Coroutine<Connection> connect(SocketAddress address) throws IOException {
        return connect(address, ConnectOptions.DEFAULT);
    }

    /**
     * Connects to {@code address}, a TCP or Unix-domain address. An unresolved one is resolved as by {@link #connect(String, int, ConnectOptions)}, which
     * also lists the failures. If there is no socket at a Unix-domain address, the coroutine throws a {@link java.nio.file.NoSuchFileException}; if this
     * program may not use it, an {@link java.nio.file.AccessDeniedException}.
     */
    @CheckReturnValue
    public static Coroutine<Connection> connect(SocketAddress address, ConnectOptions options) throws IOException {
        return Connecting.to(address, options).run();
    }

    /** As {@link #serve(List, ServeOptions, AsyncFunction)}, with one address and the default options. */
    @CheckReturnValue
    public static Coroutine<Server> serve(SocketAddress address, AsyncFunction<Connection, Void> handler)
            throws IOException {
        return serve(address, ServeOptions.DEFAULT, handler);
    }

    /** As {@link #serve(List, ServeOptions, AsyncFunction)}, with one address. */
    @CheckReturnValue
    public static Coroutine<Server> serve(
            SocketAddress address, ServeOptions options, AsyncFunction<Connection, Void> handler) throws IOException {
        return serve(List.of(address), options, handler);
    }

    /**
     * Listens at every one of {@code addresses}, which are TCP or Unix-domain addresses, and calls {@code handler} for each connection, in a task of its
     * own. All addresses of an unresolved one are used. With port 0, the system chooses a port. Corresponds to {@code asyncio.start_server}.
     *
     * <p>When the coroutine of the handler ends, its connection is closed gracefully. When it fails, its connection is closed at once, and the loop's
     * exception handler is called. When it is cancelled, its connection is closed at once. In both cases the answer may not be whole, so TLS sends no
     * closing message ({@link Connection#abort}).
     *
     * <p>The coroutine throws a {@link java.net.BindException} if an address is in use or not of this machine, and an {@link
     * java.nio.file.AccessDeniedException} if this program may not use it. Then it listens at none of them.
     *
     * @throws IllegalArgumentException if there are no addresses
     */
    @CheckReturnValue
    public static Coroutine<Server> serve(
            List<? extends SocketAddress> addresses, ServeOptions options, AsyncFunction<Connection, Void> handler)
            throws IOException {
        return LoopServer.start(
                copied(addresses),
                Objects.requireNonNull(options, "options"),
                Objects.requireNonNull(handler, "handler"));
    }

    private static List<SocketAddress> copied(List<? extends SocketAddress> addresses) {
        List<SocketAddress> all = List.copyOf(addresses);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a server needs an address to listen at; port 0 lets the system choose");
        }
        return all;
    }

    /** As {@link #serve(Workers, List, ServeOptions, AsyncFunction)}, with one address and the default options. */
    @CheckReturnValue
    public static Coroutine<Server> serve(
            Workers workers, SocketAddress address, AsyncFunction<Connection, Void> handler) throws IOException {
        return serve(workers, address, ServeOptions.DEFAULT, handler);
    }

    /** As {@link #serve(Workers, List, ServeOptions, AsyncFunction)}, with one address. */
    @CheckReturnValue
    public static Coroutine<Server> serve(
            Workers workers, SocketAddress address, ServeOptions options, AsyncFunction<Connection, Void> handler)
            throws IOException {
        return serve(workers, List.of(address), options, handler);
    }

    /**
     * As {@link #serve(List, ServeOptions, AsyncFunction)}, with the connections spread over {@code workers}, so that the server can use several cores. The
     * handler of a connection is called on the loop of one worker, where the connection stays. Called on any loop, which needs not be that of a worker:
     *
     * <pre>{@code
     * try (Workers workers = Workers.start()) {
     *     Server server = run(Net.serve(workers, new InetSocketAddress(7), connection -> echo(connection)));
     *     run(server.waitClosed());
     * }
     * }</pre>
     *
     * <p>On Linux, every worker has a listening socket with {@code SO_REUSEPORT}, and the system chooses the worker by a hash of the addresses. Elsewhere, and
     * if one of the addresses is a Unix-domain address, the first worker accepts, and hands each connection over to the worker that has the fewest. All workers
     * listen at the same port, also if the system chooses it. The limit of connections holds for all workers together.
     *
     * <p>When the workers are shut down, the server is closed first, and then they wait for its handlers as for every coroutine that was submitted. If a worker
     * dies, its connections are closed, and the worker that replaces it takes new ones.
     */
    @CheckReturnValue
    public static Coroutine<Server> serve(
            Workers workers,
            List<? extends SocketAddress> addresses,
            ServeOptions options,
            AsyncFunction<Connection, Void> handler)
            throws IOException {
        List<SocketAddress> all = copied(addresses);
        return WorkersServer.start(
                Objects.requireNonNull(workers, "workers"),
                all,
                Objects.requireNonNull(options, "options"),
                Objects.requireNonNull(handler, "handler"),
                WorkersServer.listensOnEach(all));
    }
}
