// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import dev.heddle.Coroutine;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Chooses the handler of a request by its path and its method. */
public final class Router implements Handler {

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    /** The handlers by path, and then by method. */
    private final Map<String, Map<String, Handler>> routes = new HashMap<>();

    /** Answers GET, and therefore HEAD, at {@code path} with {@code handler}. */
    public Router get(String path, Handler handler) {
        return add(path, "GET", handler).add(path, "HEAD", handler);
    }

    /** Answers POST at {@code path} with {@code handler}. */
    public Router post(String path, Handler handler) {
        return add(path, "POST", handler);
    }

    private Router add(String path, String method, Handler handler) {
        routes.computeIfAbsent(path, key -> new TreeMap<>()).put(method, handler);
        return this;
    }

    @Override
    public Coroutine<Response> handle(Request request) throws Exception {
        Map<String, Handler> resource = routes.get(request.path());
        @Nullable Handler handler = resource == null ? null : resource.get(request.method());
        if (handler != null) {
            return handler.handle(request);
        }
        if (!METHODS.contains(request.method())) {
            return Coroutine.of(Response.error(Status.NOT_IMPLEMENTED, "unknown method " + request.method()));
        }
        if (resource == null) {
            return Coroutine.of(Response.error(Status.NOT_FOUND, "there is nothing at " + request.path()));
        }
        Response refusal = Response.error(Status.METHOD_NOT_ALLOWED, request.method() + " is not possible here");
        refusal.headers().add("Allow", String.join(", ", resource.keySet()));
        return Coroutine.of(refusal);
    }
}
