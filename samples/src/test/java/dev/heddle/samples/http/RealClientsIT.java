package dev.heddle.samples.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample's server with clients that others have written. */
class RealClientsIT {

    private static final byte[] LARGE = "0123456789abcdef".repeat(3_000).getBytes(UTF_8);

    private final HttpClient jdk =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void theClientOfTheJdk() throws Exception {
        try (RunningServer server = new RunningServer()) {
            HttpRequest text = HttpRequest.newBuilder(server.uri("/text")).build();
            List<CompletableFuture<HttpResponse<String>>> many = IntStream.range(0, 100)
                    .mapToObj(i -> jdk.sendAsync(text, BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> response : many) {
                assertEquals(
                        "Hello, world!\n", response.get(1, TimeUnit.MINUTES).body());
            }
            assertEquals(
                    "application/json",
                    statistics(server).headers().firstValue("Content-Type").orElseThrow());

            HttpRequest.Builder echo =
                    HttpRequest.newBuilder(server.uri("/echo")).timeout(Duration.ofSeconds(30));
            checkEcho(echo.POST(BodyPublishers.ofByteArray(LARGE)));
            checkEcho(echo.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(LARGE)))); // chunked
            assertEquals("[]", server.failures.toString());
        }
    }

    private HttpResponse<String> statistics(RunningServer server) throws Exception {
        return jdk.send(HttpRequest.newBuilder(server.uri("/statistics")).build(), BodyHandlers.ofString());
    }

    private void checkEcho(HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> response = jdk.send(request.build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals(new String(LARGE, UTF_8), new String(response.body(), UTF_8));
    }

    @Test
    void curl(@TempDir Path directory) throws Exception {
        Path large = Files.write(directory.resolve("large"), LARGE);
        try (RunningServer server = new RunningServer()) {
            String text = server.uri("/text").toString();
            String echo = server.uri("/echo").toString();
            assertEquals(
                    "Hello, world!\n1\nHello, world!\n0\n",
                    Programs.run("curl", "-sS", "-w", "%{num_connects}\n", text, text),
                    "the second request needs no new connection");
            assertTrue(Programs.run("curl", "-sSI", text).startsWith("HTTP/1.1 200 OK\r\n"));
            assertEquals("a=b", Programs.run("curl", "-sS", "-d", "a=b", echo));
            String chunked = "Transfer-Encoding: chunked";
            String expect = "Expect: 100-continue";
            for (String field : List.of("A: b", chunked, expect)) {
                String file = "@" + large;
                assertEquals(
                        new String(LARGE, UTF_8),
                        Programs.run("curl", "-sS", "-H", field, "--data-binary", file, echo),
                        field);
            }
            assertEquals("404", Programs.run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", text + "s"));
            assertEquals("[]", server.failures.toString());
        }
    }

    @Test
    void wrk() throws Exception {
        try (RunningServer server = new RunningServer()) {
            statistics(server); // loads the classes
            String report = Programs.run(
                    "wrk",
                    "-t",
                    "1",
                    "-c",
                    "32",
                    "-d",
                    "1s",
                    server.uri("/text").toString());
            Matcher requests = Pattern.compile("(\\d+) requests in").matcher(report);
            assertTrue(requests.find() && Integer.parseInt(requests.group(1)) > 0, report);
            assertFalse(report.contains("Socket errors") || report.contains("Non-2xx"), report);
            assertTrue(server.statistics.accepted() > 32, report);
            assertEquals("[]", server.failures.toString());
        }
    }

    /** A browser shows the page, and the numbers on it change without a reload. */
    @Test
    @Tag("slow")
    void aBrowser() throws Exception {
        try (RunningServer server = new RunningServer()) {
            String page = Programs.run(
                    "chromium",
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--virtual-time-budget=5000",
                    "--dump-dom",
                    server.uri("/").toString());
            for (String name : List.of("rate", "requests", "connections", "tasks")) {
                assertTrue(number(page, name) > 0, page);
            }
            assertTrue(number(page, "requests") >= 4, page); // the page itself, and the numbers several times
            assertTrue(page.contains("200: "), page);
            assertTrue(page.contains("id=\"curve\" points=\""), page);
            assertTrue(page.contains("id=\"state\">One thread"), page);
            assertEquals("[]", server.failures.toString());
        }
    }

    /** Returns the number that the page shows in the element with this identifier. */
    private static int number(String page, String id) {
        Matcher output = Pattern.compile("id=\"" + id + "\">([\\d,]+)<").matcher(page);
        assertTrue(output.find(), () -> id + " in " + page);
        return Integer.parseInt(output.group(1).replace(",", ""));
    }
}
