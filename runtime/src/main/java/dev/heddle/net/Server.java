// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections, and calls a handler for each in a task of its own. {@link Net#serve(List, ServeOptions, dev.heddle.AsyncFunction) Net.serve} makes
 * servers, and says what happens when a handler ends. When a loop has no descriptors left for another connection, this is reported to the exception handler
 * once, and accepting is tried again every second. Corresponds to {@code asyncio.Server}.
 *
 * <p>A server of one loop is used on the thread of that loop. A server of {@link dev.heddle.workers.Workers} can be used on any thread, and its coroutines on
 * any loop. It closes sockets and connections on the threads of their workers, so that this may happen after the call that asks for it.
 */
public sealed interface Server extends AutoCloseable permits LoopServer, WorkersServer {

    /** Returns the address at which this server listens, or null if it is closed. If it listens at several, returns the first. */
    default @Nullable SocketAddress localAddress() {
        List<SocketAddress> addresses = localAddresses();
        return addresses.isEmpty() ? null : addresses.get(0);
    }

    /**
     * Returns the port of {@link #localAddress}, which the system has chosen if the server was asked to listen at port 0.
     *
     * @throws IllegalStateException if this server is closed, or listens at the path of a Unix-domain socket
     */
    default int port() {
        if (localAddress() instanceof InetSocketAddress address) {
            return address.getPort();
        }
        throw new IllegalStateException(
                this + " has no port: it is closed, or listens at the path of a Unix-domain socket");
    }

    /** Returns the addresses at which this server listens. Empty if it is closed. */
    List<SocketAddress> localAddresses();

    /** Returns the connections whose handlers have not ended. Those of another loop must not be used; their number may. */
    Set<Connection> connections();

    /** Whether {@link #close} was called. */
    boolean isClosed();

    /** Stops listening. Connections stay open, and their handlers continue. Idempotent. */
    @Override
    void close();

    /**
     * Closes all connections at once. TLS sends no closing message ({@link Connection#abort}). Handlers that use theirs get a {@link
     * ConnectionClosedException}, which is not reported. Corresponds to {@code abort_clients}.
     */
    void closeClients();

    /** Waits until this server is closed and every handler has ended. Corresponds to {@code wait_closed}. */
    @CheckReturnValue
    Coroutine<Void> waitClosed();

    /**
     * Waits until this server is closed. If that is cancelled, closes this server and its connections, as {@link #close} and {@link #closeClients} do, and
     * does not wait for the handlers: a client that stays connected does not delay the end of the program. Corresponds to {@code serve_forever}, which ends
     * with a {@code CancelledError} in both cases.
     *
     * <p>The coroutine throws an {@link IllegalStateException} if another one is in this method, or the server is closed already.
     */
    @CheckReturnValue
    Coroutine<Void> serveForever();
}
