package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.io.Pollable;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.report.Throwables;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections, and calls a handler for each in a task of its own. {@link Net#serve} makes servers, and says what happens when a handler ends.
 * When the loop has no descriptors left for another connection, this is reported to the exception handler once, and accepting is tried again every
 * second. Corresponds to {@code asyncio.Server}.
 *
 * <p>Used on the thread of the loop.
 */
public final class Server implements AutoCloseable {

    /** After how many seconds accepting is tried again if the system has refused it. */
    private static final int RETRY_SECONDS = 1;

    private final EventLoop loop;
    private final AsyncFunction<Connection, Void> handler;
    private final ServeOptions options;
    private final List<Listener> listeners = new ArrayList<>();

    /** The connections whose handlers have not ended. */
    private final Set<Connection> connections = new HashSet<>();

    private boolean closed;
    private boolean serving;

    /** Whether {@link #closeClients} was called, so that handlers may find their connections closed. */
    private boolean clientsClosed;

    /** Whether the system refused the last connection, which is reported. */
    private boolean refused;

    /** Done at the next change of what the coroutines of {@link #waitClosed} and {@link #serveForever}, and the acceptors, wait for. */
    private @Nullable Future<@Nullable Void> change;

    private Server(EventLoop loop, ServeOptions options, AsyncFunction<Connection, Void> handler) {
        this.loop = loop;
        this.options = options;
        this.handler = handler;
    }

    /** Listens at {@code addresses} and begins to accept. */
    @Async
    static Coroutine<Server> start(
            List<SocketAddress> addresses, ServeOptions options, AsyncFunction<Connection, Void> handler)
            throws IOException {
        Server server = new Server(Asyncio.getRunningLoop(), options, handler);
        try {
            for (SocketAddress each : addresses) {
                for (SocketAddress resolved : await(resolved(each))) {
                    server.listeners.add(Listener.open(server.loop, resolved, options));
                }
            }
        } catch (Throwable failure) {
            server.close();
            throw failure;
        }
        for (Listener each : server.listeners) {
            // A callback, because the body of a task that is cancelled early never runs.
            server.loop.createTask(server.accept(each), "acceptor of " + each).addDoneCallback(done -> server.close());
        }
        return Coroutine.of(server);
    }

    @Async
    private static Coroutine<List<SocketAddress>> resolved(SocketAddress address) throws IOException {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            return Coroutine.of(await(Resolution.addresses(Resolver.system(), inet.getHostString(), inet.getPort())));
        }
        return Coroutine.of(List.of(address));
    }

    // Accepting

    /** Accepts connections of {@code listener} until the server is closed. */
    @Async
    private Coroutine<Void> accept(Listener listener) {
        int accepted = 0;
        while (!listener.isClosed()) {
            if (connections.size() >= options.mostConnections) {
                await(nextChange());
            } else if (accepted > options.backlog) {
                accepted = 0;
                await(Asyncio.sleep(0));
            } else if (acceptOne(listener)) {
                accepted++;
            } else if (refused) {
                await(Asyncio.sleep(RETRY_SECONDS));
            } else {
                accepted = 0;
                await(listener.pollable.readable());
            }
        }
        return Coroutine.done();
    }

    /** Accepts a connection, and returns whether there was one. If the system refuses it, this is reported at the first time. */
    private boolean acceptOne(Listener listener) {
        try {
            SocketChannel channel = listener.channel.accept();
            refused = false;
            if (channel == null) {
                return false;
            }
            begin(channel);
            return true;
        } catch (IOException refusal) {
            if (!refused) {
                reportRefusal(listener, refusal);
            }
            refused = true;
            return false;
        }
    }

    private void reportRefusal(Listener listener, IOException refusal) {
        report(
                "cannot accept connections at " + listener + ": " + refusal.getMessage()
                        + "; allow the process more descriptors, or let the server have fewer connections",
                refusal,
                "server",
                this);
    }

    /** Calls the handler for {@code channel}. A connection that is broken already is dropped. */
    private void begin(SocketChannel channel) throws IOException {
        Pollable pollable = Pollable.of(loop, channel);
        try {
            options.settings.apply(channel);
        } catch (IOException broken) {
            pollable.close();
            return;
        }
        Connection connection = Connection.over(new SocketTransport(channel, pollable), options.settings.limit());
        connections.add(connection);
        try {
            // A callback, because the body of a task that is cancelled early never runs.
            loop.createTask(handle(connection)).addDoneCallback(done -> ended(connection));
        } catch (RuntimeException noTask) { // of the loop's task factory
            failed(connection, noTask);
            ended(connection);
        }
    }

    @Async
    private Coroutine<Void> handle(Connection connection) {
        try {
            if (options.tls != null && !await(startTls(connection, options.tls))) {
                return Coroutine.done();
            }
            await(handler.apply(connection));
            await(connection.closeGracefully());
        } catch (CancelledError cancelled) {
            throw cancelled;
        } catch (Throwable failure) {
            failed(connection, failure);
        } finally {
            connection.close();
        }
        return Coroutine.done();
    }

    /** Makes the handshake, and returns whether that succeeded. A failure is not reported, as any stranger can cause one. */
    @Async
    private static Coroutine<Boolean> startTls(Connection connection, TlsOptions tls) {
        try {
            await(handshake(connection, tls));
            return Coroutine.of(true);
        } catch (IOException refused) {
            System.getLogger("dev.heddle").log(Level.DEBUG, "a connection was not accepted", refused);
            return Coroutine.of(false);
        }
    }

    @Async
    private static Coroutine<Void> handshake(Connection connection, TlsOptions tls) throws IOException {
        return connection.startTls(tls);
    }

    private void ended(Connection connection) {
        connection.close();
        connections.remove(connection);
        changed();
    }

    private void failed(Connection connection, Throwable failure) {
        if (Throwables.leavesLoop(failure)) {
            throw Sneaky.thrown(failure);
        }
        if (!clientsClosed || !(failure instanceof ConnectionClosedException)) {
            report("Unhandled exception in the handler of " + connection, failure, "connection", connection);
        }
    }

    private void report(String message, Throwable failure, String key, Object subject) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("message", message);
        context.put("exception", failure);
        context.put(key, subject);
        loop.callExceptionHandler(context);
    }

    // Waiting

    private Future<@Nullable Void> nextChange() {
        Future<@Nullable Void> next = change;
        if (next == null) {
            next = loop.createFuture();
            change = next;
        }
        return Asyncio.shield(next);
    }

    private void changed() {
        Future<@Nullable Void> next = change;
        if (next != null) {
            change = null;
            next.setResult(null);
        }
    }

    /** Waits until this server is closed and every handler has ended. Corresponds to {@code wait_closed}. */
    @Async
    public Coroutine<Void> waitClosed() {
        while (!closed || !connections.isEmpty()) {
            await(nextChange());
        }
        return Coroutine.done();
    }

    /**
     * Waits until this server is closed. If that is cancelled, it closes this server and waits until every handler has ended. Corresponds to {@code
     * serve_forever}, which ends with a {@code CancelledError} in both cases.
     *
     * <p>The coroutine throws an {@link IllegalStateException} if another one is in this method, or the server is closed already.
     */
    @Async
    public Coroutine<Void> serveForever() {
        if (serving) {
            throw new IllegalStateException(
                    this + " is already being served by another serveForever(); await that one");
        }
        if (closed) {
            throw new IllegalStateException(this + " is closed; call Net.serve again");
        }
        serving = true;
        try {
            while (!closed) {
                await(nextChange());
            }
        } catch (CancelledError cancelled) {
            close();
            await(waitClosed());
            throw cancelled;
        } finally {
            serving = false;
        }
        return Coroutine.done();
    }

    // State

    /** Returns the address at which this server listens, or null if it is closed. If it listens at several, returns the first. */
    public @Nullable SocketAddress localAddress() {
        return closed ? null : listeners.get(0).address;
    }

    /** Returns the addresses at which this server listens. Empty if it is closed. */
    public List<SocketAddress> localAddresses() {
        return closed ? List.of() : listeners.stream().map(each -> each.address).toList();
    }

    /** Returns the connections whose handlers have not ended. */
    public Set<Connection> connections() {
        return Set.copyOf(connections);
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** Stops listening. Connections stay open, and their handlers continue. Idempotent. */
    @Override
    public void close() {
        LoopAccess.core(loop).requireThread();
        if (closed) {
            return;
        }
        closed = true;
        for (Listener each : listeners) {
            try {
                each.close();
            } catch (IOException failure) {
                report("cannot close the listening socket " + each, failure, "server", this);
            }
        }
        changed();
    }

    /**
     * Closes all connections at once. Handlers that use theirs get a {@link ConnectionClosedException}, which is not reported. Corresponds to {@code
     * abort_clients}.
     */
    public void closeClients() {
        LoopAccess.core(loop).requireThread();
        clientsClosed = true;
        connections().forEach(Connection::close);
    }

    @Override
    public String toString() {
        return "<Server " + (closed ? "closed" : listeners.toString()) + " connections=" + connections.size() + ">";
    }
}
