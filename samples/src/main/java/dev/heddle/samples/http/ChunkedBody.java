// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.net.Connection;
import dev.heddle.net.LimitExceededException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A body in chunks that each begin with their length (RFC 9112, section 7.1). */
final class ChunkedBody implements Body {

    private static final byte[] END_OF_LINE = {'\r', '\n'};
    private static final int LONGEST_LINE = 256;

    private final Connection connection;
    private final MessageReader reader;
    private final long limit;
    private LengthBody chunk;
    private long total;
    private boolean begun;
    private boolean ended;

    /** Reads from {@code connection} at most {@code limit} bytes of content; {@code reader} reads the trailer section. */
    ChunkedBody(Connection connection, MessageReader reader, long limit) {
        this.connection = connection;
        this.reader = reader;
        this.limit = limit;
        this.chunk = new LengthBody(connection, 0);
    }

    @Async
    @Override
    public Coroutine<Integer> read(ByteBuffer target) throws IOException {
        if (!ended && chunk.isRead()) {
            await(nextChunk());
        }
        return ended ? Coroutine.of(-1) : chunk.read(target);
    }

    @Async
    private Coroutine<Void> nextChunk() throws IOException {
        if (begun && !await(line()).isEmpty()) {
            throw malformed("a chunk is longer than announced");
        }
        begun = true;
        long size = size(await(line()));
        total += size;
        if (total > limit) {
            throw new BadMessageException(Status.CONTENT_TOO_LARGE, "the body is longer than " + limit + " bytes");
        }
        if (size == 0) {
            await(reader.headers()); // the trailer section, which nobody here needs
            ended = true;
        }
        chunk = new LengthBody(connection, size);
        return Coroutine.done();
    }

    /** Reads a line that must end with CR and LF. Leniency here lets a client smuggle a request past a proxy that reads lines in another way. */
    @Async
    private Coroutine<String> line() throws IOException {
        byte[] bytes;
        try {
            bytes = await(connection.readUntil(END_OF_LINE));
        } catch (LimitExceededException tooLong) {
            throw malformed("a line between chunks is too long");
        }
        String line = new String(bytes, 0, bytes.length - END_OF_LINE.length, ISO_8859_1);
        if (line.length() > LONGEST_LINE || !Syntax.isFieldValue(line)) {
            throw malformed("malformed line between chunks");
        }
        return Coroutine.of(line);
    }

    /** Parses the size in hexadecimal digits. Extensions behind a semicolon are ignored. */
    private static long size(String line) throws BadMessageException {
        int semicolon = line.indexOf(';');
        long size = Syntax.number(Syntax.trim(semicolon < 0 ? line : line.substring(0, semicolon)), 16);
        if (size < 0) {
            throw malformed("malformed size of a chunk");
        }
        return size;
    }

    private static BadMessageException malformed(String message) {
        return new BadMessageException(Status.BAD_REQUEST, message);
    }
}
