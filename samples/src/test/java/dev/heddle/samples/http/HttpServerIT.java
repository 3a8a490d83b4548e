package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import dev.heddle.coroutines.Sneaky;
import java.io.FileNotFoundException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The server, as a client sees it that sends bytes of its choice. */
class HttpServerIT {

    private static final String GET = "GET /text HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "HEAD /text HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED = """
            POST /echo HTTP/1.1
            Host: a
            transfer-encoding: Chunked

            5;name=value
            hello
            0A
            , chunks!!
            0
            Trailer: ignored

            """.replace("\n", "\r\n");
    private static final String LAST = "GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (RunningServer server = new RunningServer();
                RawClient client = server.connect()) {
            client.send(GET + HEAD + POST + CHUNKED + GET.repeat(50) + LAST);
            checkAnswers(client);
            for (int i = 0; i < 50; i++) {
                assertEquals("Hello, world!\n", client.read().body());
            }
            RawClient.Answer last = client.read();
            assertEquals("close", last.header("Connection"));
            assertEquals("", client.rest());
        }
    }

    @Test
    void understandsOneByteSegments() throws Exception {
        try (RunningServer server = new RunningServer();
                RawClient client = server.connect()) {
            client.sendByteByByte(GET + HEAD + "\r\n" + POST + CHUNKED);
            checkAnswers(client);
        }
    }

    private static void checkAnswers(RawClient client) throws Exception {
        RawClient.Answer get = client.read();
        assertEquals(200, get.status());
        assertEquals("Hello, world!\n", get.body());
        assertEquals("text/plain; charset=utf-8", get.header("Content-Type"));
        assertTrue(get.header("Date").endsWith(" GMT"), get.header("Date"));
        RawClient.Answer head = client.readHead();
        assertEquals(get.headers().keySet(), head.headers().keySet());
        assertEquals("14", head.header("Content-Length"));
        RawClient.Answer post = client.read();
        assertEquals("chunked", post.header("Transfer-Encoding"));
        assertEquals("hello", post.body());
        assertEquals("hello, chunks!!", client.read().body());
    }

    @Test
    void answersOldClients() throws Exception {
        try (RunningServer server = new RunningServer()) {
            try (RawClient client = server.connect()) {
                client.send("GET /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /text HTTP/1.0\r\n\r\n");
                assertEquals("keep-alive", client.read().header("Connection"));
                assertEquals("close", client.read().header("Connection"));
                assertEquals("", client.rest());
            }
            try (RawClient client = server.connect()) {
                client.send("POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello");
                RawClient.Answer echo = client.read();
                assertEquals("", echo.header("Transfer-Encoding"));
                assertEquals("hello", echo.body());
            }
            Handler stream =
                    request -> Coroutine.of(Response.ok(Content.stream("text/plain", out -> Coroutine.done())));
            try (RunningServer streams = new RunningServer(stream, Limits.DEFAULT, RunningServer.PATIENT);
                    RawClient client = streams.connect()) {
                client.send("HEAD / HTTP/1.0\r\n\r\n");
                assertEquals("", client.readHead().header("Transfer-Encoding"));
                assertEquals("", client.rest());
            }
            try (RawClient client = server.connect()) {
                client.send("GET /text HTTP/1.1\nHost: typed-with-nc\n\n");
                assertEquals(200, client.read().status());
            }
        }
    }

    @Test
    void invitesABodyWhenTheHandlerReadsIt() throws Exception {
        String head = "Host: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
        Handler handler = request -> {
            byte[] body = request.path().equals("/read") ? await(request.body().readAll(10)) : new byte[0];
            return Coroutine.of(Response.ok(Content.of("text/plain", body)));
        };
        try (RunningServer server = new RunningServer(handler, Limits.DEFAULT, RunningServer.PATIENT)) {
            try (RawClient client = server.connect()) {
                client.send("POST /read HTTP/1.1\r\n" + head);
                assertEquals(100, client.read().status());
                client.send("hello");
                assertEquals("hello", client.read().body());
                client.send("POST /unread HTTP/1.1\r\n" + head);
                assertEquals("close", client.read().header("Connection"));
                assertEquals("", client.rest());
            }
            try (RawClient client = server.connect()) { // what the handler does not read is skipped
                client.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + LAST);
                assertEquals(200, client.read().status());
                assertEquals(200, client.read().status());
            }
        }
        try (RunningServer server = new RunningServer();
                RawClient client = server.connect()) {
            client.send("POST /echo HTTP/1.1\r\n" + head);
            assertEquals(100, client.read().status());
            client.send("hello" + LAST);
            assertEquals("hello", client.read().body());
            assertEquals(200, client.read().status());
        }
    }

    @Test
    void doesNotWaitForeverForSlowClients() throws Exception {
        Duration soon = Duration.ofMillis(150);
        Duration late = Duration.ofSeconds(30);
        try (RunningServer server = new RunningServer(Limits.DEFAULT, new TimeOuts(soon, late, late, late));
                RawClient idle = server.connect();
                RawClient slow = server.connect()) {
            slow.send("GET /te");
            assertEquals("", idle.rest());
            assertEquals("", slow.rest());
        }
        try (RunningServer server = new RunningServer(Limits.DEFAULT, new TimeOuts(late, soon, late, late));
                RawClient client = server.connect()) {
            client.send("GET /text HTTP/1.1\r\nHost: a\r\nX-A");
            assertEquals(408, client.read().status());
            assertEquals("", client.rest());
        }
        Handler reading = request -> {
            await(request.body().readAll(100));
            return Coroutine.of(Response.ok(Content.NONE));
        };
        try (RunningServer server = new RunningServer(reading, Limits.DEFAULT, new TimeOuts(late, late, soon, late));
                RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
            assertEquals(408, client.read().status());
            assertEquals("", client.rest());
        }
    }

    /** A slow-loris sends a byte from time to time, so that no single wait is long. */
    @Test
    void endsASlowLorisThatKeepsSending() throws Exception {
        Duration soon = Duration.ofMillis(300);
        Duration late = Duration.ofSeconds(30);
        try (RunningServer server = new RunningServer(Limits.DEFAULT, new TimeOuts(late, soon, late, late));
                RawClient client = server.connect()) {
            client.send("GET /text HTTP/1.1\r\n");
            Thread dripping = new Thread(() -> drip(client, server));
            dripping.start();
            assertEquals(408, client.read().status());
            dripping.join();
        }
    }

    private static void drip(RawClient client, RunningServer server) {
        try {
            while (server.statistics.open() > 0) {
                client.send("X-Slow: 1\r\n");
                Thread.sleep(20);
            }
        } catch (Exception ended) {
            // The server has closed the connection.
        }
    }

    @Test
    void dropsAClientThatDoesNotRead() throws Exception {
        Duration late = Duration.ofSeconds(30);
        Handler endless = request -> Coroutine.of(Response.ok(Content.stream("text/plain", out -> {
            while (true) {
                await(out.write(ByteBuffer.allocate(100_000)));
            }
        })));
        TimeOuts timeOuts = new TimeOuts(late, late, late, Duration.ofMillis(150));
        try (RunningServer server = new RunningServer(endless, Limits.DEFAULT, timeOuts);
                RawClient client = server.connect()) {
            client.send(GET);
            server.waitUntil(() -> server.statistics.accepted() == 1 && server.statistics.open() == 0);
        }
    }

    /** Failures that are not the client's, though they have the types that broken connections have. */
    @Test
    void reportsWhatIsNotTheFaultOfTheClient() throws Exception {
        Map<String, Exception> failures = Map.of(
                "/message", new BadMessageException(Status.BAD_REQUEST, "of another server"),
                "/file", new FileNotFoundException("unreadable"),
                "/time", new TimeoutException("of a wait"));
        Handler failing = request -> {
            Exception failure = Objects.requireNonNull(failures.get(request.path()));
            if (request.method().equals("GET")) {
                throw failure;
            }
            return Coroutine.of(Response.ok(Content.stream("text/plain", out -> {
                throw Sneaky.thrown(failure);
            })));
        };
        for (Map.Entry<String, Exception> each : failures.entrySet()) {
            String rest = each.getKey() + " HTTP/1.1\r\nHost: a\r\n\r\n";
            try (RunningServer server = new RunningServer(failing, Limits.DEFAULT, RunningServer.PATIENT);
                    RawClient client = server.connect()) {
                client.send("GET " + rest + "POST " + rest);
                assertEquals(500, client.read().status(), rest);
                assertTrue(client.rest().endsWith("\r\n\r\n"), rest); // without a chunk
                server.waitUntil(() -> server.statistics.open() == 0);
                assertEquals(List.of(each.getValue(), each.getValue()), List.copyOf(server.failures));
            }
        }
    }

    @Test
    void letsConnectionsWaitThatAreTooMany() throws Exception {
        try (RunningServer server = new RunningServer(new Limits(1_000, 10, 20, 1), RunningServer.PATIENT);
                RawClient first = server.connect();
                RawClient second = server.connect()) {
            second.send(GET);
            for (int i = 0; i < 10; i++) {
                first.send(GET);
                assertEquals(200, first.read().status());
            }
            server.waitUntil(() -> server.statistics.requests() == 10);
            assertEquals(1, server.statistics.accepted());
            first.close();
            assertEquals(200, second.read().status());
        }
    }

    @Test
    void refusesToSendASecondLength() throws Exception {
        Handler handler = request -> Coroutine.of(
                new Response(Status.OK, new Headers().add(request.target().substring(1), "5"), Content.NONE));
        try (RunningServer server = new RunningServer(handler, Limits.DEFAULT, RunningServer.PATIENT);
                RawClient client = server.connect()) {
            for (String field : List.of("Content-Length", "transfer-encoding")) {
                client.send("GET /" + field + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(500, client.read().status(), field);
            }
            assertEquals(2, server.failures.size());
        }
    }

    @Test
    void doesNotReportThatAClientHasGone() throws Exception {
        Handler reading = request -> {
            await(request.body().readAll(100));
            return Coroutine.of(Response.ok(Content.NONE));
        };
        try (RunningServer server = new RunningServer(reading, Limits.DEFAULT, RunningServer.PATIENT)) {
            try (RawClient client = server.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
                client.endOutput();
                assertEquals("", client.rest());
            }
            server.waitUntil(() -> server.statistics.open() == 0);
            assertEquals("[]", server.failures.toString());
        }
    }

    @Test
    void reportsTheFailureOfAHandler() throws Exception {
        Handler failing = request -> {
            if (request.path().equals("/stream")) {
                return Coroutine.of(Response.ok(Content.stream("text/plain", out -> {
                    await(out.write(ByteBuffer.wrap(new byte[] {'a'})));
                    throw new IllegalStateException("in the stream");
                })));
            }
            throw new IllegalStateException("in the handler");
        };
        try (RunningServer server = new RunningServer(failing, Limits.DEFAULT, RunningServer.PATIENT);
                RawClient client = server.connect()) {
            client.send(GET);
            assertEquals(500, client.read().status());
            client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
            String rest = client.rest();
            assertTrue(rest.endsWith("\r\n1\r\na\r\n"), rest); // without the last chunk
            server.waitUntil(() -> server.statistics.open() == 0 && server.failures.size() == 2);
            assertEquals(
                    "[java.lang.IllegalStateException: in the handler, java.lang.IllegalStateException: in the stream]",
                    server.failures.toString());
        }
    }
}
