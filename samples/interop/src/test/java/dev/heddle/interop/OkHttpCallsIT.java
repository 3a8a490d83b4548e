package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OkHttpCallsIT {

    private final CompletableFuture<String> asked = new CompletableFuture<>();
    private final CompletableFuture<String> failed = new CompletableFuture<>();
    private final OkHttpClient client = new OkHttpClient.Builder()
            .eventListener(new EventListener() {
                @Override
                public void callFailed(Call call, IOException failure) {
                    failed.complete(call.isCanceled() ? "cancelled" : "failed");
                }
            })
            .build();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hello", exchange -> {
            byte[] hello = "hello".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, hello.length);
            exchange.getResponseBody().write(hello);
            exchange.close();
        });
        server.createContext("/silence", exchange -> asked.complete("asked")); // and never answers
        server.start();
    }

    @AfterEach
    void stop() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        server.stop(0);
    }

    private Coroutine<String> fetch(String path) throws IOException {
        return OkHttpCalls.fetch(
                client, "http://localhost:" + server.getAddress().getPort() + path);
    }

    @Test
    void theBodyIsTheResult() throws IOException {
        assertEquals("hello", run(fetch("/hello")));
    }

    @Test
    void cancellingTheTaskCancelsTheCall() {
        run(() -> {
            Task<String> task = createTask(fetch("/silence"));
            await(asked);
            task.cancel();
            await(assertFails(CancelledError.class, task));
            assertEquals("cancelled", await(failed));
            return Coroutine.done();
        });
    }

    @Test
    void failuresAreThrownAsTheyAre() throws IOException {
        try (ClosedPort port = new ClosedPort()) {
            run(() -> {
                await(assertFails(
                        ConnectException.class, OkHttpCalls.fetch(client, "http://localhost:" + port.number() + "/")));
                assertEquals("failed", await(failed));
                return Coroutine.done();
            });
        }
    }
}
