package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
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

    @Test
    void asksAgainIfTheServerHasClosedAnIdleConnection() throws Exception {
        Duration late = Duration.ofSeconds(30);
        TimeOuts short_ = new TimeOuts(Duration.ofMillis(50), late, late, late);
        try (RunningServer server = new RunningServer(Limits.DEFAULT, short_)) {
            run(() -> {
                try (HttpClient client = new HttpClient()) {
                    ClientRequest request = ClientRequest.get(server.uri("/text"));
                    assertEquals("Hello, world!\n", await(text(client, request)));
                    while (server.statistics.open() > 0) {
                        await(sleep(0.01));
                    }
                    assertEquals("Hello, world!\n", await(text(client, request)));
                    while (server.statistics.open() > 0) {
                        await(sleep(0.01));
                    }
                    ClientRequest post = ClientRequest.post(server.uri("/echo"), Content.text("a"));
                    assertThrowsEof(await(failure(client, post)));
                }
                return Coroutine.done();
            });
            assertEquals(2, server.statistics.accepted());
        }
    }

    private static void assertThrowsEof(Throwable failure) {
        assertTrue(failure instanceof IOException, () -> "a POST may have been received: " + failure);
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
