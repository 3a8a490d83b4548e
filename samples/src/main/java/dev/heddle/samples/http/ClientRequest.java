// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.net.URI;
import java.util.Set;

/** A request to send. The client adds {@code Host} and the fields that describe the content. */
public record ClientRequest(String method, URI uri, Headers headers, Content content) {

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE");

    private static final Set<String> WITH_CONTENT = Set.of("POST", "PUT", "PATCH");

    /** Throws an {@link IllegalArgumentException} if {@code method} has characters that would break the message. */
    public ClientRequest {
        if (!Syntax.isToken(method)) {
            throw new IllegalArgumentException("not a method: " + method);
        }
    }

    public static ClientRequest get(URI uri) {
        return new ClientRequest("GET", uri, new Headers(), Content.NONE);
    }

    public static ClientRequest post(URI uri, Content content) {
        return new ClientRequest("POST", uri, new Headers(), content);
    }

    /** Returns whether the request may be sent again if nobody knows whether the server has received it (RFC 9110, section 9.2.2). */
    boolean isRepeatable() {
        return IDEMPOTENT.contains(method) && content.stream() == null;
    }

    /** Whether the server expects content, so that the message must say that there is none (RFC 9110, section 8.6). */
    boolean needsLength() {
        return content != Content.NONE || WITH_CONTENT.contains(method);
    }

    /** Returns the first line of the message. */
    String line() {
        String target = target(uri);
        return method + " " + (Syntax.isTarget(target) ? target : target(URI.create(uri.toASCIIString())))
                + " HTTP/1.1";
    }

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return path + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }
}
