package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Requests that the server refuses. Behind each comes another one, which must not be answered: it would have been smuggled. */
class RefusalsIT {

    private static final Limits LIMITS = new Limits(500, 10, 20);
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CHUNKED = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final List<Executable> checks = new ArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @Test
    void refusesBadRequests() throws Exception {
        try (RunningServer server = new RunningServer(this::readBody, LIMITS, RunningServer.PATIENT)) {
            for (String line : List.of(
                    "GET  / HTTP/1.1",
                    "GET /",
                    "GET / HTTP/1.1 ",
                    " GET / HTTP/1.1",
                    "GET / http/1.1",
                    "G@T / HTTP/1.1",
                    "GET / HTTP/11",
                    "GET\t/ HTTP/1.1",
                    "GET /\u00e4 HTTP/1.1",
                    "GET a HTTP/1.1",
                    "GET /\u0000 HTTP/1.1")) {
                refuses(server, 400, line + "\r\nHost: a\r\n\r\n");
            }
            refuses(server, 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n");
            for (String fields : List.of(
                    "",
                    "Host: a\r\nHost: b\r\n",
                    "Host: a/b\r\n",
                    "Host: a b\r\n",
                    "Host: user@a\r\n",
                    "Host: \u00e4\r\n",
                    "Host: a:b\r\n",
                    "Host: a\r\nX: 1\r\n folded\r\n",
                    "Host: a\r\nX : 1\r\n",
                    "Host: a\r\nX\r\n",
                    "Host: a\r\n: 1\r\n",
                    "Host: a\r\nX: \u0000\r\n",
                    "Host: a\r\nX: 1\r2\r\n",
                    " Host: a\r\n",
                    "Host: a\r\nX(: 1\r\n")) {
                refuses(server, 400, "GET / HTTP/1.1\r\n" + fields + "\r\n");
            }
            for (String lengths : List.of(
                    "Content-Length: 5\r\nContent-Length: 5\r\n",
                    "Content-Length: 5\r\nContent-Length: 6\r\n",
                    "Content-Length: 5, 5\r\n",
                    "Content-Length: +5\r\n",
                    "Content-Length: -5\r\n",
                    "Content-Length: 5a\r\n",
                    "Content-Length: 0x5\r\n",
                    "Content-Length:\r\n",
                    "Content-Length: 99999999999999999999\r\n",
                    "Content-Length: \u0665\r\n",
                    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                    "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")) {
                refuses(server, 400, "POST / HTTP/1.1\r\nHost: a\r\n" + lengths + "\r\nhello");
            }
        }
        assertAll(checks);
    }

    @Test
    void refusesCodingsAndExpectationsThatItDoesNotKnow() throws Exception {
        try (RunningServer server = new RunningServer(this::readBody, LIMITS, RunningServer.PATIENT)) {
            for (String coding : List.of(
                    "gzip", "gzip, chunked", "chunked, gzip", "xchunked", "chunked;a=b", "identity", "chun\u212aed")) {
                refuses(server, 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + coding + "\r\n\r\n");
            }
            refuses(server, 501, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + CHUNKED);
            refuses(server, 400, "POST / HTTP/1.0\r\n" + CHUNKED);
            refuses(server, 417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n");
            refuses(server, 417, "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-cont\u0131nue\r\n\r\n");
        }
        assertAll(checks);
    }

    @Test
    void refusesBadChunks() throws Exception {
        try (RunningServer server = new RunningServer(this::readBody, LIMITS, RunningServer.PATIENT)) {
            for (String body : List.of(
                    "z\r\n",
                    "-1\r\n",
                    "+1\r\na\r\n",
                    "0x1\r\na\r\n",
                    "\r\n",
                    ";a\r\n",
                    "1 1\r\na\r\n",
                    "\u0661\r\na\r\n",
                    "ffffffffffffffff\r\n",
                    "10000000000000000\r\n",
                    "5\r\nhelloo\r\n0\r\n\r\n",
                    "5\r\nhello0\r\n\r\n",
                    "1;a\nb\r\na\r\n0\r\n\r\n",
                    "1\na\r\n0\r\n\r\n",
                    "1\r\na\n0\r\n\r\n",
                    "0\r\nX : 1\r\n\r\n",
                    "1;" + "a".repeat(300) + "\r\na\r\n0\r\n\r\n",
                    "0\r\n X: 1\r\n\r\n")) {
                refuses(server, 400, "POST / HTTP/1.1\r\n" + CHUNKED + body);
            }
            refuses(server, 413, "POST / HTTP/1.1\r\n" + CHUNKED + "15\r\n");
            refuses(server, 413, "POST / HTTP/1.1\r\n" + CHUNKED + "1\r\na\r\n".repeat(21));
        }
        assertAll(checks);
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        try (RunningServer server = new RunningServer(this::readBody, LIMITS, RunningServer.PATIENT)) {
            refuses(server, 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n");
            String longTarget = "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\nHost: a\r\n\r\n";
            refuses(server, 414, longTarget);
            try (RawClient client = server.connect()) { // a later request is refused as the first one is
                client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(200, client.read().status());
                client.send(longTarget);
                assertEquals(414, client.read().status());
            }
            refuses(server, 431, "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(10) + "\r\n");
            String hundred = "X: " + "\u00e4".repeat(100) + "\r\n"; // characters of two bytes each
            refuses(server, 431, "GET / HTTP/1.1\r\nHost: a\r\n" + hundred.repeat(3) + "\r\n");
            refuses(server, 431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "1".repeat(500) + "\r\n\r\n");
            refuses(server, 431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "1".repeat(70_000) + "\r\n\r\n");
        }
        assertAll(checks);
    }

    @Test
    void refusesAHeadRequestWithoutABody() throws Exception {
        try (RunningServer server = new RunningServer();
                RawClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
            assertEquals(400, client.readHead().status());
            assertEquals("", client.rest());
        }
    }

    @Test
    void namesWhatIsNotThere() throws Exception {
        try (RunningServer server = new RunningServer();
                RawClient client = server.connect()) {
            client.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Answer missing = client.read();
            assertEquals(404, missing.status());
            assertEquals("404 Not Found: there is nothing at /nothing\n", missing.body());
            client.send("POST /text HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            RawClient.Answer wrong = client.read();
            assertEquals(405, wrong.status());
            assertEquals("GET, HEAD", wrong.header("Allow"));
            client.send("BREW /text HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(501, client.read().status());
            client.send("GET http://a/text?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.read().status());
        }
    }

    @Async
    private Coroutine<Response> readBody(Request request) throws IOException {
        handled.add(request.path());
        return Coroutine.of(
                Response.ok(Content.of("text/plain", await(request.body().readAll(100)))));
    }

    /** The request gets one response with this status, and the connection ends behind it. */
    private void refuses(RunningServer server, int status, String request) throws Exception {
        try (RawClient client = server.connect()) {
            client.send(request + SMUGGLED);
            RawClient.Answer answer = client.read();
            String rest = client.rest();
            List<String> seen = List.copyOf(handled);
            checks.add(() -> assertEquals(
                    status + "", answer.status() + rest + (seen.contains("/smuggled") ? " smuggled" : ""), request));
        }
    }
}
