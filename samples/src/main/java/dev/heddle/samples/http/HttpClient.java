// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.timeout;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client that keeps connections open for later requests. A request may be put under a time limit, as anything that is awaited:
 * {@code waitFor(client.get(uri), limit)}.
 */
public final class HttpClient implements AutoCloseable {

    private final Map<Origin, Pool> pools = new HashMap<>();
    private final int connectionsPerHost;
    private final Limits limits;
    private final Duration timeOut;
    private boolean closed;

    /** A client with the default limits, at most 64 connections to each server, and time-outs of 30 seconds. */
    public HttpClient() {
        this(64, Limits.DEFAULT, Duration.ofSeconds(30));
    }

    /**
     * A client that waits for at most {@code timeOut} until it has a connection, until the server has accepted a part of the request, and until the
     * server has begun the response. The first of these waits includes that for one of the {@code connectionsPerHost} connections.
     */
    public HttpClient(int connectionsPerHost, Limits limits, Duration timeOut) {
        this.connectionsPerHost = connectionsPerHost;
        this.limits = limits;
        this.timeOut = timeOut;
    }

    /** Sends a GET request. */
    public Coroutine<ClientResponse> get(URI uri) throws IOException {
        return send(ClientRequest.get(uri));
    }

    /** Sends {@code request} and waits for the head of the response. */
    @Async
    public Coroutine<ClientResponse> send(ClientRequest request) throws IOException {
        if (closed) {
            throw new IllegalStateException("this client is closed; make another one");
        }
        request.headers().requireNone("Host", "Content-Length", "Transfer-Encoding");
        Origin origin = Origin.of(request.uri());
        Pool pool = pools.computeIfAbsent(origin, key -> new Pool(key, connectionsPerHost));
        while (true) {
            Lease lease = await(timeout(timeOut, limit -> pool.take()));
            @Nullable ClientResponse response = await(exchange(request, origin, lease));
            if (response != null) {
                return Coroutine.of(response);
            }
        }
    }

    /** Returns the response, or null if the connection had been open for a while and its server has closed it in the meantime. */
    @Async
    private Coroutine<@Nullable ClientResponse> exchange(ClientRequest request, Origin origin, Lease lease)
            throws IOException {
        MessageReader reader = new MessageReader(lease.connection(), limits);
        boolean done = false;
        try {
            String line;
            try {
                await(write(request, origin, lease));
                line = await(timeout(timeOut, limit -> statusLine(reader, origin)));
            } catch (IOException closed) {
                if (lease.isReused() && request.isRepeatable()) {
                    return Coroutine.of(null);
                }
                throw closed;
            }
            ClientResponse response =
                    await(timeout(timeOut, limit -> response(line, request.method(), reader, origin, lease)));
            done = true;
            return Coroutine.of(response);
        } finally {
            if (!done) {
                lease.abort();
            }
        }
    }

    @Async
    private static Coroutine<String> statusLine(MessageReader reader, Origin origin) throws IOException {
        String line = await(reader.startLine());
        if (line == null) {
            throw new EOFException(origin + " has closed the connection without a response");
        }
        return Coroutine.of(line);
    }

    @Async
    private Coroutine<Void> write(ClientRequest request, Origin origin, Lease lease) throws IOException {
        MessageWriter writer = new MessageWriter(lease.connection(), timeOut);
        Headers headers = request.headers().copy().add("Host", origin.toString());
        if (!request.needsLength()) {
            return writer.withoutContent(request.line(), headers);
        }
        return writer.message(request.line(), headers, request.content(), true);
    }

    @Async
    private static Coroutine<ClientResponse> response(
            String first, String method, MessageReader reader, Origin origin, Lease lease) throws IOException {
        String line = first;
        int status = status(line);
        Headers headers = await(reader.headers());
        while (status < 200) { // interim responses, such as 100 (Continue)
            line = await(statusLine(reader, origin));
            status = status(line);
            headers = await(reader.headers());
        }
        Body body = reader.responseBody(method, status, headers);
        boolean ends = body != Body.EMPTY && !MessageReader.hasLength(headers);
        if (ends || headers.lists("Connection", "close") || line.startsWith("HTTP/1.0")) {
            lease.isLast();
        }
        if (body == Body.EMPTY) {
            lease.end();
        }
        return Coroutine.of(new ClientResponse(status, headers, body, lease));
    }

    private static int status(String line) throws BadMessageException {
        if (!line.matches("HTTP/1\\.[0-9] [1-9][0-9]{2}( .*)?")) {
            throw new BadMessageException(Status.BAD_REQUEST, "malformed status line");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    /** Closes the connections that no request uses, and the others when their responses have been read. No more requests can be sent. */
    @Override
    public void close() {
        closed = true;
        pools.values().forEach(Pool::close);
    }
}
