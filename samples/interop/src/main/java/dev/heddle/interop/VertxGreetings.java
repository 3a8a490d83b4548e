// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Serves and fetches a greeting with Vert.x, and prints it. The loop is a guest of a context of Vert.x, so the handlers and their coroutines share its thread. The futures
 * of Vert.x are awaited as stages.
 */
public final class VertxGreetings {

    private VertxGreetings() {}

    /** Listens on a free port. Each request is answered by a task, which is cancelled if the client goes away. */
    @Async
    static Coroutine<HttpServer> serve(Vertx vertx, EventLoop loop, AsyncFunction<HttpServerRequest, String> handler) {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            Task<Void> task = loop.createTask(answer(request, handler));
            request.response().closeHandler(closed -> task.cancel());
        });
        return Coroutine.of(await(server.listen(0, "localhost").toCompletionStage()));
    }

    @Async
    private static Coroutine<Void> answer(HttpServerRequest request, AsyncFunction<HttpServerRequest, String> handler) {
        String text;
        try {
            text = await(handler.apply(request));
        } catch (Exception failure) {
            request.response().setStatusCode(500);
            text = failure.toString();
        }
        await(request.response().end(text).toCompletionStage());
        return Coroutine.done();
    }

    /** Returns the text of a page. A future of Vert.x cannot be cancelled, so a cancelled task resets the request by itself. */
    @Async
    static Coroutine<String> fetch(HttpClient client, int port, String path) {
        HttpClientRequest request =
                await(client.request(HttpMethod.GET, port, "localhost", path).toCompletionStage());
        try {
            // Composed, because Vert.x drops a body that nobody has asked for at once.
            var body = request.send().compose(HttpClientResponse::body);
            return Coroutine.of(await(body.toCompletionStage()).toString());
        } catch (CancelledError cancelled) {
            request.reset();
            throw cancelled;
        }
    }

    @Async
    private static Coroutine<String> greet(HttpServerRequest request) {
        await(sleep(0.1));
        return Coroutine.of("hello " + request.getParam("name", "you"));
    }

    @Async
    private static Coroutine<Void> show(Vertx vertx, EventLoop loop) {
        HttpServer server = await(serve(vertx, loop, VertxGreetings::greet));
        System.out.println(await(fetch(vertx.createHttpClient(), server.actualPort(), "/?name=warp")));
        return Coroutine.done();
    }

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        EventLoop loop = EventLoop.guestOf(Hosts.vertx(vertx, vertx.getOrCreateContext()));
        loop.submit(() -> show(vertx, loop)).join();
        vertx.close().await();
    }
}
