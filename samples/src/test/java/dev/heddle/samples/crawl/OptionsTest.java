package dev.heddle.samples.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void hasDefaults() throws UsageException {
        assertEquals(new Options(List.of(), 10, 64, Duration.ofSeconds(10), 2, 2_000, "jdk", false), Options.parse());
    }

    @Test
    void readsOptionsAndUrlsInAnyOrder() throws UsageException {
        Options options = Options.parse(
                "--depth",
                "0",
                "http://a.org",
                "--concurrency",
                "8",
                "--timeout",
                "0.5",
                "--retries",
                "0",
                "--max-pages",
                "9",
                "--client",
                "heddle",
                "https://b.org/x?y#z",
                "--help");
        assertEquals(
                new Options(
                        List.of(URI.create("http://a.org/"), URI.create("https://b.org/x?y")),
                        0,
                        8,
                        Duration.ofMillis(500),
                        0,
                        9,
                        "heddle",
                        true),
                options);
    }

    @ParameterizedTest
    @CsvSource({
        "--depth -1, '--depth takes a whole number from 0, not -1'",
        "--concurrency 0, '--concurrency takes a whole number from 1, not 0'",
        "--max-pages ten, '--max-pages takes a whole number from 1, not ten'",
        "--timeout 0, '--timeout takes a positive number of seconds, at most a day, not 0'",
        "--timeout NaN, '--timeout takes a positive number of seconds, at most a day, not NaN'",
        "--timeout soon, '--timeout takes a positive number of seconds, at most a day, not soon'",
        "--client curl, '--client takes jdk or heddle, not curl'",
        "--retries, '--retries takes a value'",
        "-v, 'unknown option -v'",
    })
    void saysWhatIsWrong(String arguments, String message) {
        UsageException wrong = assertThrows(UsageException.class, () -> Options.parse(arguments.split(" ")));
        assertEquals(message + System.lineSeparator() + Options.USAGE, wrong.getMessage());
    }
}
