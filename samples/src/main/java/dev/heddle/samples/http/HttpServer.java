// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.timeout;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server. A task per connection reads a request, answers it, and goes on to the next. All of them run on the loop's thread, so plain
 * collections and counters suffice.
 */
public final class HttpServer {

    /** How long {@link Connection#closeGracefully} waits for the client to close its side. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Handler handler;
    private final Limits limits;
    private final TimeOuts timeOuts;
    private final Statistics statistics;
    private final Map<Task<?>, ServerConnection> connections = new HashMap<>();
    private @Nullable Server listener;
    private boolean stopping;
    private long dateSecond;
    private String date = "";

    HttpServer(Handler handler, Statistics statistics, Limits limits, TimeOuts timeOuts) {
        this.handler = handler;
        this.statistics = statistics;
        this.limits = limits;
        this.timeOuts = timeOuts;
    }

    /** Starts a server at {@code address} whose requests {@code handler} answers and {@code statistics} counts. */
    @Async
    public static Coroutine<HttpServer> start(
            InetSocketAddress address, Handler handler, Statistics statistics, Limits limits, TimeOuts timeOuts)
            throws IOException {
        HttpServer server = new HttpServer(handler, statistics, limits, timeOuts);
        ServeOptions options =
                ServeOptions.DEFAULT.withLimit(limits.headBytes()).withMostConnections(limits.connections());
        server.listener = await(Net.serve(address, options, server::serve));
        return Coroutine.of(server);
    }

    /** Serves a client until one of the two ends the connection. */
    @Async
    Coroutine<Void> serve(Connection stream) throws IOException {
        Task<?> task = Objects.requireNonNull(currentTask());
        ServerConnection connection = new ServerConnection(stream, this, limits, timeOuts);
        connections.put(task, connection);
        statistics.connected();
        try {
            await(connection.serve());
            await(timeout(timeOuts.write().plus(LINGER), limit -> stream.closeGracefully()));
        } catch (TimeoutException deaf) {
            stream.close(); // The client does not read the end of the last response.
        } finally {
            connections.remove(task);
            statistics.disconnected();
        }
        return Coroutine.done();
    }

    /**
     * Stops gracefully: accepts no more connections, answers the request of each accepted connection that is in progress or on its way, and closes
     * the connection after the response. Requests that a client has sent behind that one without waiting are not answered: the field {@code
     * Connection: close} of the last response says so (RFC 9112, section 9.6). Connections that are still open after {@code limit} are aborted.
     */
    @Async
    public Coroutine<Void> stop(Duration limit) {
        stopping = true;
        Server accepting = Objects.requireNonNull(listener);
        accepting.close();
        connections.values().forEach(ServerConnection::stopWaiting);
        try {
            // The listener knows the connections whose tasks have not begun, too.
            await(timeout(limit, time -> accepting.waitClosed()));
        } catch (TimeoutException late) {
            connections.keySet().forEach(Task::cancel);
            accepting.closeClients();
        }
        return Coroutine.done();
    }

    /** Returns the port at which this server listens. */
    public int port() {
        return listener == null || listener.isClosed() ? -1 : listener.port();
    }

    public Statistics statistics() {
        return statistics;
    }

    /** Returns the present value of the field {@code Date}, which changes once a second. */
    String date() {
        long second = System.currentTimeMillis() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
        }
        return date;
    }

    boolean isStopping() {
        return stopping;
    }

    Handler handler() {
        return handler;
    }
}
