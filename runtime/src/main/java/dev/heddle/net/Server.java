package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accepts connections, and calls a handler for each in a task of its own. {@link Net#serve} makes servers. Corresponds to {@code asyncio.Server}. */
public final class Server implements AutoCloseable {

    private final EventLoop loop;
    private final ServerSocketChannel channel;
    private final Pollable pollable;
    private final AsyncFunction<Connection, Void> handler;
    private final Set<Connection> connections = new HashSet<>();
    private boolean closed;

    Server(EventLoop loop, ServerSocketChannel channel, Pollable pollable, AsyncFunction<Connection, Void> handler) {
        this.loop = loop;
        this.channel = channel;
        this.pollable = pollable;
        this.handler = handler;
        loop.createTask(accept());
    }

    @Async
    private Coroutine<Void> accept() {
        while (!closed) {
            try {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    await(pollable.readable());
                    continue;
                }
                Connection connection = Connection.over(Net.socket(accepted, Pollable.of(loop, accepted)));
                connections.add(connection);
                connection.whenClosed(() -> connections.remove(connection));
                loop.createTask(handle(connection));
            } catch (IOException failure) {
                loop.callExceptionHandler(Map.of("message", "cannot accept a connection", "exception", failure));
            }
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> handle(Connection connection) {
        try {
            await(handler.apply(connection));
            await(connection.closeGracefully());
        } catch (CancelledError cancelled) {
            throw cancelled;
        } catch (Exception failure) {
            loop.callExceptionHandler(
                    Map.of("message", "Unhandled exception in the handler of " + connection, "exception", failure));
        } finally {
            connection.close();
        }
        return Coroutine.done();
    }

    /** Returns the address at which this server listens, or null if it is closed. */
    public @Nullable SocketAddress localAddress() {
        try {
            return channel.getLocalAddress();
        } catch (IOException gone) {
            return null;
        }
    }

    /** Returns the open connections. */
    public Set<Connection> connections() {
        return Set.copyOf(connections);
    }

    /** Stops listening. Connections stay open. Idempotent. */
    @Override
    public void close() {
        closed = true;
        try {
            pollable.close();
        } catch (IOException failure) {
            loop.callExceptionHandler(Map.of("message", "cannot close " + this, "exception", failure));
        }
    }

    @Override
    public String toString() {
        return "<Server " + localAddress() + ">";
    }
}
