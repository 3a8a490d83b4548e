/**
 * An HTTP/1.1 server and client on the streams of {@code dev.heddle.net}. The names are those of RFC 9110 (HTTP semantics) and RFC 9112
 * (HTTP/1.1). {@link dev.heddle.samples.http.Http} is the program. Read {@link dev.heddle.samples.http.HttpServer} first, then {@code
 * ServerConnection}.
 */
@NullMarked
package dev.heddle.samples.http;

import org.jspecify.annotations.NullMarked;
