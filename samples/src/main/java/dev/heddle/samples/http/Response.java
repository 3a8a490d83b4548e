// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

/** The response of a server, which adds the fields that describe the content. */
public record Response(Status status, Headers headers, Content content) {

    public static Response ok(Content content) {
        return of(Status.OK, content);
    }

    public static Response of(Status status, Content content) {
        return new Response(status, new Headers(), content);
    }

    /** Returns a response that says in words what went wrong. */
    static Response error(Status status, String message) {
        return of(status, Content.text(status + ": " + message + "\n"));
    }
}
