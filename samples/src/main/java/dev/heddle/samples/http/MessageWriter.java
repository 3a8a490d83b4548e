// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.timeout;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes messages to a connection. Each part has a time limit, so that a peer that does not read cannot hold the connection forever. */
final class MessageWriter {

    private static final ByteBuffer LAST_CHUNK =
            ByteBuffer.wrap("0\r\n\r\n".getBytes(ISO_8859_1)).asReadOnlyBuffer();

    /** The most bytes that the peer has to accept within the time limit. */
    private static final int PART = 64 << 10;

    private final Connection connection;
    private final Duration timeOut;

    /** Why the connection could not be written to. Null if it could. */
    private @Nullable Exception failure;

    MessageWriter(Connection connection, Duration timeOut) {
        this.connection = connection;
        this.timeOut = timeOut;
    }

    /**
     * Writes a message. A stream goes out in chunks if {@code chunks} is true, and otherwise ends with the connection, for a peer that does not know
     * chunks (HTTP/1.0).
     */
    @Async
    Coroutine<Void> message(String startLine, Headers headers, Content content, boolean chunks) throws IOException {
        Content.Source stream = content.stream();
        if (stream == null) {
            return write(bytes(head(startLine, headers, content, chunks), content.bytes()));
        }
        await(headOnly(startLine, headers, content, chunks));
        if (!chunks) {
            return stream.writeTo(this::write);
        }
        await(stream.writeTo(this::chunk));
        return write(LAST_CHUNK.duplicate());
    }

    /** Writes the head of a message whose content the peer does not want: the response to HEAD. */
    Coroutine<Void> headOnly(String startLine, Headers headers, Content content, boolean chunks) throws IOException {
        return write(bytes(head(startLine, headers, content, chunks), new byte[0]));
    }

    /** Writes a message that has no content and needs none, such as a GET request. */
    Coroutine<Void> withoutContent(String startLine, Headers headers) throws IOException {
        StringBuilder head = new StringBuilder(256).append(startLine).append("\r\n");
        headers.appendTo(head);
        return write(bytes(head.append("\r\n"), new byte[0]));
    }

    private static StringBuilder head(String startLine, Headers headers, Content content, boolean chunks) {
        StringBuilder head = new StringBuilder(256).append(startLine).append("\r\n");
        if (!content.type().isEmpty()) {
            head.append("Content-Type: ").append(content.type()).append("\r\n");
        }
        if (content.stream() == null) {
            head.append("Content-Length: ").append(content.bytes().length).append("\r\n");
        } else if (chunks) {
            head.append("Transfer-Encoding: chunked\r\n");
        }
        headers.appendTo(head);
        return head.append("\r\n");
    }

    private static ByteBuffer bytes(StringBuilder head, byte[] content) {
        byte[] first = head.toString().getBytes(UTF_8);
        return ByteBuffer.allocate(first.length + content.length)
                .put(first)
                .put(content)
                .flip();
    }

    @Async
    private Coroutine<Void> chunk(ByteBuffer part) throws IOException {
        if (!part.hasRemaining()) {
            return Coroutine.done(); // an empty chunk would be the last one
        }
        byte[] size = (Integer.toHexString(part.remaining()) + "\r\n").getBytes(ISO_8859_1);
        ByteBuffer chunk = ByteBuffer.allocate(size.length + part.remaining() + 2);
        return write(chunk.put(size).put(part).put((byte) '\r').put((byte) '\n').flip());
    }

    /** Whether {@code thrown} says why the connection could not be written to. */
    boolean hasCaused(Exception thrown) {
        return thrown == failure;
    }

    /** Writes {@code bytes} in parts that have a time limit each, so that a peer that reads slowly gets all of them. */
    @Async
    Coroutine<Void> write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            ByteBuffer part = bytes.slice(bytes.position(), Math.min(bytes.remaining(), PART));
            try {
                await(timeout(timeOut, limit -> connection.write(part)));
            } catch (Exception broken) {
                failure = broken;
                throw broken;
            }
            bytes.position(bytes.position() + part.capacity());
        }
        return Coroutine.done();
    }
}
