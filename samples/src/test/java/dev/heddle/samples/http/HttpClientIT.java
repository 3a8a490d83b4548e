package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.TimeoutException;
import dev.heddle.net.Connection;
import dev.heddle.testing.MemoryPair;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The client against the server of the JDK, the server of this sample, and servers that misbehave. */
class HttpClientIT {

    private static final byte[] LARGE = "0123456789abcdef".repeat(10_000).getBytes(UTF_8);
    private static final Content STREAM = Content.stream("text/plain", out -> {
        for (int from = 0; from < LARGE.length; from += 10_000) {
            await(out.write(ByteBuffer.wrap(LARGE, from, 10_000)));
        }
        return Coroutine.done();
    });

    /** Has a permit for each connection that the server of {@link #serve} has closed. */
    private final Semaphore ended = new Semaphore(0);

    @Test
    void talksToTheServerOfTheJdk() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String text = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            byte[] answer = body.length == 0 ? text.getBytes(UTF_8) : body;
            boolean chunked = exchange.getRequestURI().getPath().equals("/chunked");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, chunked ? 0 : head ? -1 : answer.length);
            try (exchange) {
                if (!head) {
                    exchange.getResponseBody().write(answer);
                }
            }
        });
        server.start();
        try (HttpClient client = new HttpClient()) {
            run(talk(
                    client, URI.create("http://localhost:" + server.getAddress().getPort())));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void talksToTheServerOfTheSample() throws Exception {
        Handler handler = request -> {
            byte[] body = await(request.body().readAll(LARGE.length));
            String text = request.method() + " " + request.target();
            byte[] answer = body.length == 0 ? text.getBytes(UTF_8) : body;
            return Coroutine.of(Response.ok(
                    request.path().equals("/chunked")
                            ? Content.stream("text/plain", out -> out.write(ByteBuffer.wrap(answer)))
                            : Content.of("text/plain", answer)));
        };
        try (RunningServer server = new RunningServer(handler, Limits.DEFAULT, RunningServer.PATIENT);
                HttpClient client = new HttpClient()) {
            run(talk(client, server.uri("")));
            assertEquals(1, server.statistics.accepted());
        }
    }

    @Async
    private static Coroutine<Void> talk(HttpClient client, URI server) throws IOException {
        try (client) {
            for (String target : List.of("/a?b=c", "/chunked", "/%20x")) {
                assertEquals("GET " + target, await(text(client, ClientRequest.get(server.resolve(target)))));
                for (Content content : List.of(Content.of("text/plain", LARGE), STREAM)) {
                    ClientRequest post = ClientRequest.post(server.resolve(target), content);
                    assertEquals(new String(LARGE, UTF_8), await(text(client, post)));
                }
            }
            assertEquals("GET /", await(text(client, ClientRequest.get(server))));
            ClientRequest head = new ClientRequest("HEAD", server.resolve("/"), new Headers(), Content.NONE);
            assertEquals("", await(text(client, head)));
            assertEquals("GET /last", await(text(client, ClientRequest.get(server.resolve("/last")))));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> text(HttpClient client, ClientRequest request) throws IOException {
        try (ClientResponse response = await(client.send(request))) {
            assertEquals(200, response.status());
            byte[] body = await(response.readAll(LARGE.length));
            assertEquals(-1, await(response.read(ByteBuffer.allocate(1)))); // the end stays the end
            return Coroutine.of(new String(body, UTF_8));
        }
    }

    @Test
    void limitsTheConnectionsToAServer() throws Exception {
        Handler slow = request -> {
            await(sleep(0.01));
            return Coroutine.of(Response.ok(Content.text("done")));
        };
        try (RunningServer server = new RunningServer(slow, Limits.DEFAULT, RunningServer.PATIENT)) {
            run(() -> {
                HttpClient client = new HttpClient(3, Limits.DEFAULT, Duration.ofSeconds(30));
                List<Coroutine<String>> requests = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    requests.add(text(client, ClientRequest.get(server.uri("/"))));
                }
                assertEquals(20, await(gather(requests)).size());
                client.close();
                return Coroutine.done();
            });
            assertEquals(3, server.statistics.accepted());
        }
    }

    /** Nothing was sent over the connection that the server has closed, so that even a POST succeeds. */
    @Test
    void usesNoConnectionThatTheServerHasClosed() throws Exception {
        String a = "Content-Length: 1\r\n\r\na";
        serve(List.of(List.of(a), List.of(a), List.of(a)), uri -> {
            HttpClient client = new HttpClient();
            for (ClientRequest request : List.of(
                    ClientRequest.get(uri), ClientRequest.get(uri), ClientRequest.post(uri, Content.text("b")))) {
                assertEquals("a", await(text(client, request)));
                assertTrue(ended.tryAcquire(30, TimeUnit.SECONDS));
            }
            client.close();
            return Coroutine.done();
        });
    }

    /** The server reads the second request of a connection, and closes it: nobody knows whether it has done anything. */
    @Test
    void asksAgainIfThatDoesNoHarm() throws Exception {
        List<String> closing = List.of("Content-Length: 1\r\n\r\na", "");
        serve(List.of(closing, closing), uri -> {
            HttpClient client = new HttpClient();
            assertEquals("a", await(text(client, ClientRequest.get(uri))));
            assertEquals("a", await(text(client, ClientRequest.get(uri))));
            assertThrowsEof(await(failure(client, ClientRequest.post(uri, Content.text("b")))));
            client.close();
            return Coroutine.done();
        });
    }

    private static void assertThrowsEof(Throwable failure) {
        assertTrue(failure instanceof IOException, () -> "a POST may have been received: " + failure);
    }

    @Async
    private static Coroutine<Void> getTwice(URI uri) throws Exception {
        HttpClient client = new HttpClient();
        assertEquals("a", await(text(client, ClientRequest.get(uri))));
        assertEquals("b", await(text(client, ClientRequest.get(uri))));
        client.close();
        return Coroutine.done();
    }

    /** Bytes behind a response are not the response to the next request. */
    @Test
    void doesNotUseAConnectionWithUnaskedBytes() throws Exception {
        String late = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
        serve(
                List.of(List.of("Content-Length: 1\r\n\r\na" + late), List.of("Content-Length: 1\r\n\r\nb")),
                HttpClientIT::getTwice);
    }

    /** The version of the response counts, not that of an interim response. */
    @Test
    void doesNotUseTheConnectionOfAnOldServerAgain() throws Exception {
        String old = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na";
        String next = "Content-Length: 1\r\n\r\n";
        serve(List.of(List.of(old, next + "c"), List.of(next + "b")), HttpClientIT::getTwice);
    }

    @Test
    void saysThatAPostHasNoContent() throws Exception {
        Handler handler = request ->
                Coroutine.of(Response.ok(Content.text(request.headers().get("Content-Length") + "")));
        try (RunningServer server = new RunningServer(handler, Limits.DEFAULT, RunningServer.PATIENT);
                HttpClient client = new HttpClient()) {
            run(() -> {
                assertEquals("0", await(text(client, ClientRequest.post(server.uri("/"), Content.NONE))));
                assertEquals("null", await(text(client, ClientRequest.get(server.uri("/")))));
                client.close();
                return Coroutine.done();
            });
        }
    }

    @Test
    void encodesTargetsThatAreNotAscii() {
        URI uri = URI.create("http://localhost/\u00e4%20?\u00f6");
        assertEquals("GET /%C3%A4%20?%C3%B6 HTTP/1.1", ClientRequest.get(uri).line());
    }

    @Test
    void closesConnectionsThatWaitForLong() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(() -> {
                Pool pool = new Pool(new Origin("localhost", 80), 2);
                Connection first = MemoryPair.create().first();
                Connection second = MemoryPair.create().first();
                pool.add(first);
                await(sleep(20));
                pool.add(second);
                await(sleep(9));
                assertFalse(first.isClosed());
                await(sleep(2));
                assertTrue(first.isClosed());
                assertFalse(second.isClosed());
                await(sleep(20));
                assertTrue(second.isClosed());
                return Coroutine.done();
            });
        }
    }

    @Test
    void closesConnectionsInUseWhenTheirRequestsEnd() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(() -> {
                Pool pool = new Pool(new Origin("localhost", 80), 2);
                Connection connection = MemoryPair.create().first();
                pool.add(connection);
                Lease lease = await(pool.take());
                pool.close();
                lease.end();
                assertTrue(connection.isClosed());
                return Coroutine.done();
            });
        }
        HttpClient client = new HttpClient();
        client.close();
        assertThrows(IllegalStateException.class, () -> run(client.get(URI.create("http://localhost/"))));
    }

    /** Runs {@code client} with the address of a server. The server sends the given answers, a list for each connection; an empty one ends it. */
    private void serve(List<List<String>> connections, AsyncFunction<URI, Void> client) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> connections.forEach(answers -> answerAll(server, answers)));
            answering.start();
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
            try {
                run(() -> client.apply(uri));
            } finally {
                server.close();
                answering.join();
            }
        }
    }

    private void answerAll(ServerSocket server, List<String> answers) {
        try (Socket socket = server.accept()) {
            for (String answer : answers) {
                socket.getInputStream().read(new byte[1_000]);
                if (!answer.isEmpty()) {
                    String begin = answer.startsWith("HTTP/") ? "" : "HTTP/1.1 200 OK\r\n";
                    socket.getOutputStream().write((begin + answer).getBytes(UTF_8));
                }
            }
        } catch (IOException gone) {
            // The client has read enough.
        }
        ended.release();
    }

    @Async
    private static Coroutine<Throwable> failure(HttpClient client, ClientRequest request) {
        try {
            await(text(client, request));
        } catch (Exception failure) {
            return Coroutine.of(failure);
        }
        throw new AssertionError("the request has succeeded");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        String ok = "HTTP/1.1 200 OK\r\n";
        assertEquals(EOFException.class, failure("").getClass());
        assertEquals(EOFException.class, failure(ok + "Content-Length: 5\r\n").getClass());
        assertEquals(
                EOFException.class,
                failure(ok + "Content-Length: 5\r\n\r\nhell").getClass());
        assertTrue(failure(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhell") instanceof EOFException);
        for (String bad : List.of(
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                ok + "Content-Length: -1\r\n\r\n",
                ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                ok + "X : 1\r\n\r\n",
                ok + "X: 1\r\n".repeat(200) + "\r\n")) {
            assertEquals(BadMessageException.class, failure(bad).getClass(), bad);
        }
        assertEquals("ends with the connection", body("HTTP/1.0 200 OK\r\n\r\nends with the connection"));
        assertEquals(
                EOFException.class, failure("HTTP/1.1 103 Early Hints\r\n\r\n").getClass());
        assertEquals("a", body("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 1\r\n\r\na"));
    }

    private static Throwable failure(String answer) {
        return assertThrows(Exception.class, () -> body(answer), answer);
    }

    /** Returns the body of the response in {@code answer}, which is everything a server sends. */
    private static String body(String answer) throws Exception {
        return body(answer, Limits.DEFAULT);
    }

    private static String body(String answer, Limits limits) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(server, answer));
            answering.start();
            try (HttpClient client = new HttpClient(1, limits, Duration.ofSeconds(30))) {
                return run(text(client, ClientRequest.get(URI.create("http://127.0.0.1:" + server.getLocalPort()))));
            } finally {
                answering.join();
            }
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[1_000];
            int length = socket.getInputStream().read(request);
            assertTrue(new String(request, 0, length, UTF_8).startsWith("GET / HTTP/1.1\r\nHost: 127.0.0.1:"));
            socket.getOutputStream().write(answer.getBytes(UTF_8));
            socket.shutdownOutput();
            Objects.requireNonNull(socket.getInputStream()).readAllBytes();
        } catch (IOException gone) {
            // The client has read enough.
        }
    }

    @Test
    void limitsTheBodyHoweverItsEndIsGiven() throws Exception {
        for (String body : List.of(
                "Content-Length: 5\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "\r\nhello")) {
            String answer = "HTTP/1.1 200 OK\r\n" + body;
            assertEquals("hello", body(answer, new Limits(1_000, 10, 5)));
            assertThrows(BadMessageException.class, () -> body(answer, new Limits(1_000, 10, 4)), answer);
        }
    }

    @Test
    void doesNotWaitForeverForASilentServer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
            HttpClient client = new HttpClient(1, Limits.DEFAULT, Duration.ofMillis(100));
            assertThrows(TimeoutException.class, () -> run(text(client, ClientRequest.get(uri))));
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        HttpClient client = new HttpClient();
        ClientRequest request = ClientRequest.get(URI.create("http://127.0.0.1:" + port));
        assertThrows(ConnectException.class, () -> run(text(client, request)));
    }
}
