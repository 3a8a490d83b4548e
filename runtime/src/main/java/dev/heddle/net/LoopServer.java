// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
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
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A server of one loop, or the part of one worker in a {@link WorkersServer}. Used on the thread of the loop, except for methods that say otherwise.
 */
final class LoopServer implements Server {

    /** After how many seconds accepting is tried again if the system has refused it. */
    private static final int RETRY_SECONDS = 1;

    final EventLoop loop;

    private final AsyncFunction<Connection, Void> handler;
    private final ServeOptions options;
    private final Places places;
    private final List<Listener> listeners = new ArrayList<>();

    /** The connections whose handlers have not ended. Each has a place. Any thread may look. */
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    private boolean closed;
    private boolean serving;

    /** Whether {@link #closeClients} was called, so that handlers may find their connections closed. */
    private boolean clientsClosed;

    /** Whether the system refused the last connection, which is reported. */
    private boolean refused;

    /** Done at the next change of what the coroutines of {@link #waitClosed} and {@link #serveForever}, and the acceptors, wait for. */
    private @Nullable Future<@Nullable Void> change;

    /** Makes the server of {@code loop}. Any thread may do so. */
    LoopServer(EventLoop loop, ServeOptions options, Places places, AsyncFunction<Connection, Void> handler) {
        this.loop = loop;
        this.options = options;
        this.places = places;
        this.handler = handler;
    }

    /** Listens at {@code addresses} and begins to accept. */
    @Async
    static Coroutine<Server> start(
            List<SocketAddress> addresses, ServeOptions options, AsyncFunction<Connection, Void> handler)
            throws IOException {
        Places places = new Places(options.mostConnections);
        LoopServer server = new LoopServer(Asyncio.getRunningLoop(), options, places, handler);
        server.listen(await(Resolution.resolved(addresses)));
        server.accept(server::begin);
        return Coroutine.of(server);
    }

    // Accepting

    /** Listens at {@code addresses}, and returns those where it listens: the system chooses a port instead of 0. If this fails, the server is closed. */
    List<SocketAddress> listen(List<SocketAddress> addresses) throws IOException {
        try {
            for (SocketAddress each : addresses) {
                listeners.add(Listener.open(loop, each, options));
            }
        } catch (Throwable failure) {
            close();
            throw failure;
        }
        return localAddresses();
    }

    /** Begins to accept connections, which are given to {@code recipient} and have places. */
    void accept(Recipient recipient) {
        for (Listener each : listeners) {
            // A callback, because the body of a task that is cancelled early never runs.
            loop.createTask(accept(each, recipient), "acceptor of " + each).addDoneCallback(done -> close());
        }
    }

    /** Takes accepted connections. */
    interface Recipient {
        /** Takes {@code channel}, which is closed if this method throws. */
        void take(SocketChannel channel) throws IOException;
    }

    /** Accepts connections of {@code listener} until the server is closed. */
    @Async
    private Coroutine<Void> accept(Listener listener, Recipient recipient) {
        int accepted = 0;
        while (!listener.isClosed()) {
            if (accepted > options.backlog) {
                accepted = 0;
                await(Asyncio.sleep(0));
            } else if (!places.take(this)) {
                await(nextChange());
            } else if (acceptOne(listener, recipient)) {
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

    /**
     * Accepts a connection in a place that was taken, and returns whether there was one. If not, gives the place back. If the system refuses it, this is
     * reported at the first time.
     */
    private boolean acceptOne(Listener listener, Recipient recipient) {
        boolean accepted = false;
        try {
            SocketChannel channel = listener.channel.accept();
            refused = false;
            if (channel != null) {
                recipient.take(channel);
                accepted = true;
            }
        } catch (IOException refusal) {
            if (!refused) {
                reportRefusal(listener, refusal);
            }
            refused = true;
        } finally {
            if (!accepted) {
                places.giveBack();
            }
        }
        return accepted;
    }

    private void reportRefusal(Listener listener, IOException refusal) {
        report(
                "cannot accept connections at " + listener + ": " + refusal.getMessage()
                        + "; allow the process more descriptors, or let the server have fewer connections",
                refusal,
                "server",
                this);
    }

    /** Calls the handler for {@code channel}, which has a place. A connection that is broken already, or comes from the acceptor too late, is dropped. */
    void begin(SocketChannel channel) throws IOException {
        if (closed && clientsClosed) {
            channel.close();
            places.giveBack();
            return;
        }
        Pollable pollable = Pollable.of(loop, channel);
        try {
            options.settings.apply(channel);
        } catch (IOException broken) {
            pollable.close();
            places.giveBack();
            return;
        }
        Connection connection = Connection.over(new SocketTransport(channel, pollable), options.settings);
        connections.add(connection);
        try {
            // A callback, because the body of a task that is cancelled early never runs.
            loop.createTask(handle(connection)).addDoneCallback(done -> ended(connection));
        } catch (RuntimeException noTask) { // of the loop's task factory
            failed(connection, noTask);
            ended(connection);
        }
    }

    /** As {@link #begin}. Reports the failure to do so, and gives the place back. */
    void beginAccepted(SocketChannel channel) {
        try {
            begin(channel);
        } catch (IOException noSelector) {
            places.giveBack();
            report("cannot serve a connection", noSelector, "server", this);
            changed();
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
            connection.abort();
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
        try {
            connection.abort();
        } finally {
            forget(connection);
            changed();
        }
    }

    private void forget(Connection connection) {
        if (connections.remove(connection)) {
            places.giveBack();
        }
    }

    /** Returns the number of connections whose handlers have not ended. Any thread may call this. */
    int load() {
        return connections.size();
    }

    /** Gives back the places of all connections, because the loop is gone. Any thread may call this. */
    void forgetAll() {
        connections.forEach(this::forget);
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

    /** Lets the acceptors try again. Any thread may call this. */
    void placeIsFree() {
        try {
            loop.callSoonThreadsafe(this::changed);
        } catch (IllegalStateException loopIsClosed) {
            // It accepts no more.
        }
    }

    private void changed() {
        Future<@Nullable Void> next = change;
        if (next != null) {
            change = null;
            next.setResult(null);
        }
    }

    @Override
    @Async
    public Coroutine<Void> waitClosed() {
        while (!closed || !connections.isEmpty()) {
            await(nextChange());
        }
        return Coroutine.done();
    }

    @Override
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
            closeClients();
            throw cancelled;
        } finally {
            serving = false;
        }
        return Coroutine.done();
    }

    // State

    @Override
    public List<SocketAddress> localAddresses() {
        return closed ? List.of() : listeners.stream().map(each -> each.address).toList();
    }

    /** Any thread may call this. */
    @Override
    public Set<Connection> connections() {
        return Set.copyOf(connections);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

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

    @Override
    public void closeClients() {
        LoopAccess.core(loop).requireThread();
        clientsClosed = true;
        connections().forEach(Connection::abort);
    }

    @Override
    public String toString() {
        return "<Server " + (closed ? "closed" : listeners.toString()) + " connections=" + connections.size() + ">";
    }
}
