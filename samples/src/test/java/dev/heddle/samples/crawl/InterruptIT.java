package dev.heddle.samples.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C while the crawl runs in a JVM of its own. */
@EnabledOnOs(OS.LINUX)
class InterruptIT {

    private static final byte[] PAGE = "<a href=\"/slow\">slow</a>".getBytes(UTF_8);

    /** The first page is there at once; the one it links to keeps the crawl waiting until it is interrupted. */
    @Test
    void printsWhatWasCrawledSoFar() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/slow", exchange -> waiting.countDown());
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, PAGE.length);
            exchange.getResponseBody().write(PAGE);
            exchange.close();
        });
        server.start();
        Process crawl = start("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        try {
            assertTrue(waiting.await(60, TimeUnit.SECONDS), "the crawl asks for the second page");
            new ProcessBuilder("kill", "-INT", String.valueOf(crawl.pid()))
                    .start()
                    .waitFor();

            List<String> lines = new String(crawl.getInputStream().readAllBytes(), UTF_8)
                    .lines()
                    .toList();

            assertEquals(130, crawl.waitFor(), String.join("\n", lines));
            int report = lines.indexOf("Interrupted; so far:");
            assertTrue(report >= 0, String.join("\n", lines));
            assertEquals("  pages      1 (0 not HTML, 0 cut off)", lines.get(report + 1));
            assertTrue(lines.get(lines.size() - 1).startsWith("  time  "), String.join("\n", lines));
        } finally {
            crawl.destroyForcibly();
            server.stop(0);
        }
    }

    /** A shell may have started the tests in the background, where they and their children ignore the signal. */
    private static Process start(String url) throws Exception {
        return new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-javaagent:" + System.getProperty("heddle.agent.jar"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crawl.class.getName(),
                        url)
                .redirectErrorStream(true)
                .start();
    }
}
