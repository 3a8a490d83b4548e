// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.timeout;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Timeout;
import dev.heddle.TimeoutException;
import dev.heddle.net.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection of the server. Requests that a client sends without waiting for the responses (pipelining) are answered in their order. */
final class ServerConnection {

    /** When the server stops, a request that is on its way may still arrive for so long. */
    private static final Duration LAST_CALL = Duration.ofMillis(100);

    /** The most bytes of an unread body that are read to keep the connection. */
    private static final int WORTH_SKIPPING = 64 << 10;

    private final Connection connection;
    private final HttpServer server;
    private final TimeOuts timeOuts;
    private final MessageReader reader;
    private final MessageWriter writer;

    /** The limit of the wait for the next request. Null if there is no wait. */
    private @Nullable Timeout idle;

    /** The first line of the last request. */
    private RequestLine first = RequestLine.UNKNOWN;

    /** Whether the response to the last request has begun. */
    private boolean answered;

    ServerConnection(Connection connection, HttpServer server, Limits limits, TimeOuts timeOuts) {
        this.connection = connection;
        this.server = server;
        this.timeOuts = timeOuts;
        this.reader = new MessageReader(connection, limits);
        this.writer = new MessageWriter(connection, timeOuts.write());
    }

    /** Answers requests until the client, the server, or an error ends the connection. */
    @Async
    Coroutine<Void> serve() throws IOException {
        try {
            while (await(serveNext())) {
                // Go on to the next request.
            }
        } catch (BadMessageException bad) {
            await(refuse(bad));
        } catch (IOException | TimeoutException gone) {
            connection.close(); // The client has gone, or does not read: nobody is left to be answered.
        }
        return Coroutine.done();
    }

    /** Reads and answers a request. Returns whether another may follow. */
    @Async
    private Coroutine<Boolean> serveNext() throws IOException {
        answered = false;
        first = RequestLine.UNKNOWN;
        String line = await(requestLine());
        if (line == null) {
            return Coroutine.of(false);
        }
        first = RequestLine.parse(line);
        Headers headers = await(headers());
        checkHost(headers);
        RequestBody body = body(headers);

        server.statistics().requestBegins();
        try {
            Response response = await(respond(new Request(first.method(), first.target(), headers, body), body));
            boolean streams = response.content().stream() != null;
            if (streams) {
                await(body.invite()); // the stream may read the body
            }
            boolean persistent = !server.isStopping()
                    && isPersistent(headers)
                    && body.isInvited()
                    && (first.minorVersion() > 0 || !streams);
            boolean complete = await(complete(response, persistent, body));
            return Coroutine.of(complete && persistent && await(body.skip(WORTH_SKIPPING)));
        } finally {
            server.statistics().requestEnds();
        }
    }

    // Reading

    /** Waits for the first line of a request. Returns null if there is none. */
    @Async
    private Coroutine<@Nullable String> requestLine() throws IOException {
        try {
            Duration limit = server.isStopping() ? LAST_CALL : timeOuts.idle();
            return Coroutine.of(await(timeout(limit, this::requestLine)));
        } catch (TimeoutException over) {
            return Coroutine.of(null);
        } finally {
            idle = null;
        }
    }

    private Coroutine<@Nullable String> requestLine(Timeout limit) throws IOException {
        idle = limit;
        return reader.startLine();
    }

    /** Waits for the next request for a moment only, because the server stops. */
    void stopWaiting() {
        if (idle != null && !idle.expired()) {
            idle.reschedule(LAST_CALL);
        }
    }

    @Async
    private Coroutine<Headers> headers() throws IOException {
        try {
            return Coroutine.of(await(timeout(timeOuts.head(), limit -> reader.headers())));
        } catch (TimeoutException slow) {
            throw new BadMessageException(Status.REQUEST_TIMEOUT, "the header section did not arrive in time");
        }
    }

    private void checkHost(Headers headers) throws BadMessageException {
        List<String> hosts = headers.all("Host");
        if (hosts.size() > 1 || (hosts.isEmpty() && first.minorVersion() > 0)) {
            throw new BadMessageException(Status.BAD_REQUEST, "a request has one Host field");
        }
        if (!hosts.stream().allMatch(Syntax::isHost)) {
            throw new BadMessageException(Status.BAD_REQUEST, "malformed Host field");
        }
    }

    private RequestBody body(Headers headers) throws BadMessageException {
        String expectation = headers.get("Expect");
        if (expectation != null && !Syntax.isTheToken(expectation, "100-continue")) {
            throw new BadMessageException(Status.EXPECTATION_FAILED, "unknown expectation");
        }
        if (first.minorVersion() == 0 && headers.get("Transfer-Encoding") != null) {
            throw new BadMessageException(Status.BAD_REQUEST, "HTTP/1.0 has no transfer codings");
        }
        Body body = reader.requestBody(headers);
        boolean awaited = expectation != null && first.minorVersion() > 0 && body != Body.EMPTY;
        return new RequestBody(body, awaited, writer, timeOuts.body());
    }

    private boolean isPersistent(Headers headers) {
        return first.minorVersion() > 0
                ? !headers.lists("Connection", "close")
                : headers.lists("Connection", "keep-alive");
    }

    // Writing

    @Async
    private Coroutine<Response> respond(Request request, RequestBody body) throws IOException {
        try {
            Response response = await(server.handler().handle(request));
            response.headers().requireNone("Content-Length", "Transfer-Encoding");
            return Coroutine.of(response);
        } catch (Exception failure) {
            if (failure instanceof IOException broken && body.hasCaused(broken)) {
                throw broken;
            }
            report("cannot answer " + request.target(), failure);
            return Coroutine.of(Response.error(Status.INTERNAL_ERROR, "see the log of the server"));
        }
    }

    /** Writes a response. Reports a failure of its content, ends the connection, and returns false. */
    @Async
    private Coroutine<Boolean> complete(Response response, boolean persistent, RequestBody body) throws IOException {
        try {
            await(write(response, persistent));
            server.statistics().requestAnswered();
            return Coroutine.of(true);
        } catch (Exception failure) {
            if (writer.hasCaused(failure) || body.hasCaused(failure)) {
                throw failure;
            }
            report("cannot complete the response to " + first.target(), failure);
            connection.abort();
            return Coroutine.of(false);
        }
    }

    private static void report(String message, Exception failure) {
        getRunningLoop().callExceptionHandler(Map.of("message", message, "exception", failure));
    }

    /** Writes the response to the last request. */
    private Coroutine<Void> write(Response response, boolean persistent) throws IOException {
        answered = true;
        server.statistics().responded(response.status());
        String statusLine = "HTTP/1.1 " + response.status();
        Headers headers = response.headers().copy().add("Date", server.date());
        if (!persistent) {
            headers.add("Connection", "close");
        } else if (first.minorVersion() == 0) {
            headers.add("Connection", "keep-alive");
        }
        boolean chunks = first.minorVersion() > 0;
        return first.method().equals("HEAD")
                ? writer.headOnly(statusLine, headers, response.content(), chunks)
                : writer.message(statusLine, headers, response.content(), chunks);
    }

    /** Answers a request that cannot be read further. The connection ends, because nobody knows where the next request would begin. */
    @Async
    private Coroutine<Void> refuse(BadMessageException bad) throws IOException {
        if (answered) {
            connection.close(); // A second response would be taken for that to the next request.
            return Coroutine.done();
        }
        return write(Response.error(bad.status(), String.valueOf(bad.getMessage())), false);
    }
}
