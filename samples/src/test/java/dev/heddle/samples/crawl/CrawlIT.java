package dev.heddle.samples.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Asyncio;
import dev.heddle.samples.Printed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrawlIT {

    private static final long SEED = 42;

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "heddle"})
    void findsEveryPageAndEveryFailure(String client) throws Exception {
        Stats stats = crawlSite("--concurrency", "32", "--client", client);
        Map<String, Integer> failures = new HashMap<>();
        stats.failures().forEach((cause, uris) -> failures.put(cause, uris.size()));
        assertEquals(Map.of("HTTP 404", 20, "HTTP 500", 8, "connection lost", 8, "redirect loop", 1), failures);
        assertEquals(944, stats.pages());
        assertEquals(21, stats.redirects());
        assertEquals(10, stats.notHtml());
        assertEquals(2, stats.truncated());
        assertEquals(52, stats.retries());
        assertEquals(1_054, stats.requests());
        assertEquals(0, stats.inFlight());
        assertTrue(stats.mostInFlight() <= 32, "in flight: " + stats.mostInFlight());
    }

    @Test
    void retriesOnlyAsOftenAsAsked() throws Exception {
        Stats stats = crawlSite("--retries", "0");
        assertEquals(0, stats.retries());
        assertEquals(20, stats.failures().get("HTTP 503").size());
    }

    @Test
    void staysWithinItsLimits() throws Exception {
        assertEquals(1, crawlSite("--depth", "0").requests());

        Stats stats = crawlSite("--max-pages", "50", "--concurrency", "1");
        assertEquals(50, stats.pages() + stats.failed() + stats.redirects());
        assertEquals(1, stats.mostInFlight());
    }

    @Test
    void reportsAGivenSite() throws Exception {
        try (Site site = Site.start(SEED)) {
            Printed printed =
                    Printed.by(() -> Crawl.execute("--depth", "1", site.root().toString()));
            assertEquals(0, printed.exitCode());
            assertEquals(List.of(), printed.err());
            // before the report there is a line about the progress for each second that the machine took
            assertTrue(
                    printed.out().stream().anyMatch(line -> line.matches("  pages +\\d+ \\(0 not HTML, 0 cut off\\)")),
                    printed.out()::toString);
        }
    }

    @Test
    void givesAServerThatIsSilentUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            Printed printed = Printed.by(() -> Crawl.execute("--timeout", "0.1", "--retries", "1", url));
            assertEquals(new Printed(List.of(), List.of("crawl: " + url + ": timed out"), 1), printed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "heddle"})
    void saysThatAHostCannotBeReached(String client) throws Exception {
        String url = "http://127.0.0.1:" + closedPort() + "/";
        Printed printed = Printed.by(() -> Crawl.execute("--client", client, url));
        assertEquals(new Printed(List.of(), List.of("crawl: " + url + ": connection refused"), 1), printed);
    }

    @Test
    void saysThatAUrlIsBad() throws Exception {
        for (String url :
                List.of("example.com", "http//example.com", "ftp://example.com/", "http:///x", "http://a b/")) {
            Printed printed = Printed.by(() -> Crawl.execute(url));
            assertEquals(new Printed(List.of(), List.of("crawl: not an http or https URL: " + url), 2), printed);
        }
    }

    @Test
    void saysThatAnOptionIsUnknown() throws Exception {
        Printed printed = Printed.by(() -> Crawl.execute("--fast"));
        assertEquals(2, printed.exitCode());
        assertEquals("crawl: unknown option --fast", printed.err().get(0));
        assertEquals(
                Options.USAGE.lines().toList(),
                printed.err().subList(1, printed.err().size()));
    }

    private static Stats crawlSite(String... options) throws Exception {
        Stats[] stats = new Stats[1];
        try (Site site = Site.start(SEED)) {
            Options parsed = Options.parse(options).startingAt(site.root());
            Printed.by(() -> {
                stats[0] = Asyncio.run(Crawl.crawl(parsed));
                return 0;
            });
        }
        return stats[0];
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
