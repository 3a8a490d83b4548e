// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.net.Connection;
import dev.heddle.net.LimitExceededException;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the parts of messages from a connection, and decides where their bodies end (RFC 9112, section 6.3). */
final class MessageReader {

    private final Connection connection;
    private final Limits limits;

    MessageReader(Connection connection, Limits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    /** Reads the request line or the status line of the next message. Returns null if the peer has ended the connection. */
    @Async
    Coroutine<@Nullable String> startLine() throws IOException {
        try {
            String line = await(connection.readLine());
            if (line != null && line.isEmpty()) {
                line = await(connection.readLine()); // some clients send an empty line behind a body
            }
            return Coroutine.of(line);
        } catch (LimitExceededException tooLong) {
            throw new BadMessageException(Status.URI_TOO_LONG, "the first line is too long");
        }
    }

    /** Reads the header fields up to the empty line behind them. */
    @Async
    Coroutine<Headers> headers() throws IOException {
        Headers headers = new Headers();
        int bytes = 0;
        while (true) {
            String line = await(headerLine());
            if (line.isEmpty()) {
                return Coroutine.of(headers);
            }
            bytes += line.getBytes(UTF_8).length + 2;
            if (bytes > limits.headBytes() || headers.size() == limits.fields()) {
                throw new BadMessageException(Status.HEADERS_TOO_LARGE, "the header section is too large");
            }
            headers.parse(line);
        }
    }

    @Async
    private Coroutine<String> headerLine() throws IOException {
        try {
            String line = await(connection.readLine());
            if (line == null) {
                throw new EOFException("the connection ended within a header section");
            }
            return Coroutine.of(line);
        } catch (LimitExceededException tooLong) {
            throw new BadMessageException(Status.HEADERS_TOO_LARGE, "a header field is too large");
        }
    }

    /** Returns the body of a request. */
    Body requestBody(Headers headers) throws BadMessageException {
        if (!headers.all("Transfer-Encoding").isEmpty()) {
            return chunked(headers);
        }
        return headers.all("Content-Length").isEmpty() ? Body.EMPTY : ofLength(headers);
    }

    /** Returns the body of a response to a request with the method {@code method}. */
    Body responseBody(String method, int status, Headers headers) throws BadMessageException {
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return Body.EMPTY;
        }
        return hasLength(headers) ? requestBody(headers) : new RestBody(connection, limits.bodyBytes());
    }

    /** Whether a message says where its body ends. */
    static boolean hasLength(Headers headers) {
        return headers.get("Transfer-Encoding") != null || headers.get("Content-Length") != null;
    }

    private Body chunked(Headers headers) throws BadMessageException {
        if (!headers.all("Content-Length").isEmpty()) {
            // Two parties that choose differently disagree about where the next request begins.
            throw new BadMessageException(
                    Status.BAD_REQUEST, "a message has either Content-Length or Transfer-Encoding, not both");
        }
        List<String> codings = headers.all("Transfer-Encoding");
        if (codings.size() != 1 || !Syntax.isTheToken(codings.get(0), "chunked")) {
            throw new BadMessageException(Status.NOT_IMPLEMENTED, "the only transfer coding here is chunked");
        }
        return new ChunkedBody(connection, this, limits.bodyBytes());
    }

    private Body ofLength(Headers headers) throws BadMessageException {
        List<String> lengths = headers.all("Content-Length");
        long length = lengths.size() == 1 ? Syntax.number(lengths.get(0), 10) : -1;
        if (length < 0) {
            throw new BadMessageException(Status.BAD_REQUEST, "Content-Length must be one number");
        }
        if (length > limits.bodyBytes()) {
            throw new BadMessageException(
                    Status.CONTENT_TOO_LARGE, "the body is longer than " + limits.bodyBytes() + " bytes");
        }
        return length == 0 ? Body.EMPTY : new LengthBody(connection, length);
    }
}
