// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.monitor.LoopStatistics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The resources of the sample: a page with live statistics, the numbers that it fetches, a short text, and an echo. */
final class StatusPage {

    private static final Content TEXT = Content.text("Hello, world!\n");

    private final Statistics statistics;
    private final Content page = Content.of("text/html; charset=utf-8", resource("page.html"));

    /** Shows the numbers of {@code statistics}. */
    StatusPage(Statistics statistics) {
        this.statistics = statistics;
    }

    Router router() {
        return new Router()
                .get("/", request -> Coroutine.of(Response.ok(page)))
                .get("/text", request -> Coroutine.of(Response.ok(TEXT)))
                .get("/statistics", request -> Coroutine.of(numbers()))
                .post("/echo", request -> Coroutine.of(echo(request)));
    }

    private Response numbers() {
        LoopStatistics loop = LoopStatistics.of(getRunningLoop());
        Runtime jvm = Runtime.getRuntime();
        String json = String.format(
                Locale.ROOT,
                """
                {"requests": %d, "inProgress": %d, "responses": %s, "connections": %d, "accepted": %d,
                 "tasks": %d, "timers": %d, "ready": %d, "steps": %d, "busySeconds": %.6f, "idleSeconds": %.6f,
                 "longestStepMillis": %.3f, "memoryUsed": %d, "memoryMost": %d}
                """,
                statistics.requests(),
                statistics.inProgress(),
                json(statistics.responses()),
                statistics.open(),
                statistics.accepted(),
                loop.tasks(),
                loop.timers(),
                loop.ready(),
                loop.steps(),
                loop.busy().toNanos() / 1e9,
                loop.idle().toNanos() / 1e9,
                loop.longestStep().toNanos() / 1e6,
                jvm.totalMemory() - jvm.freeMemory(),
                jvm.maxMemory());
        Response response = Response.ok(Content.of("application/json", json.getBytes(UTF_8)));
        response.headers().add("Cache-Control", "no-store");
        return response;
    }

    private static String json(Map<Integer, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Sends the body of the request back while it arrives. */
    private static Response echo(Request request) {
        String type = Objects.requireNonNullElse(request.headers().get("Content-Type"), "application/octet-stream");
        return Response.ok(Content.stream(type, out -> copy(request.body(), out)));
    }

    @Async
    private static Coroutine<Void> copy(Body from, BodyWriter to) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(8 << 10);
        while (await(from.read(part)) >= 0) {
            await(to.write(part.flip()));
            part.clear();
        }
        return Coroutine.done();
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(StatusPage.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new IllegalStateException("cannot read " + name, unreadable);
        }
    }
}
