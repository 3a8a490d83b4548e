// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.Coroutine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a message to send contains: bytes, or a stream that a coroutine writes. */
public final class Content {

    /** Writes content of a length that is not known in advance. */
    @FunctionalInterface
    public interface Source {

        /**
         * Writes everything to {@code out}. A failure is reported and breaks the connection, so that the peer does not take the content for
         * complete. A client of HTTP/1.0 cannot tell: for it, the content ends with the connection.
         */
        Coroutine<Void> writeTo(BodyWriter out) throws IOException;
    }

    /** No content. */
    public static final Content NONE = new Content("", new byte[0], null);

    private final String type;
    private final byte[] bytes;
    private final @Nullable Source stream;

    private Content(String type, byte[] bytes, @Nullable Source stream) {
        if (!Syntax.isFieldValue(type)) {
            throw new IllegalArgumentException("not a value of Content-Type: " + type);
        }
        this.type = type;
        this.bytes = bytes;
        this.stream = stream;
    }

    /** Returns content with the value {@code type} of {@code Content-Type}. */
    public static Content of(String type, byte[] bytes) {
        return new Content(type, bytes, null);
    }

    public static Content text(String text) {
        return of("text/plain; charset=utf-8", text.getBytes(UTF_8));
    }

    /** Returns content that {@code stream} writes when the message is sent, in chunks. */
    public static Content stream(String type, Source stream) {
        return new Content(type, new byte[0], stream);
    }

    String type() {
        return type;
    }

    byte[] bytes() {
        return bytes;
    }

    @Nullable
    Source stream() {
        return stream;
    }
}
