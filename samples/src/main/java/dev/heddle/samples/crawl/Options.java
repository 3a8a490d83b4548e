// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The options of the command line.
 *
 * @param start the start URLs; the embedded site if empty
 * @param depth the largest distance of a visited page from the start, in links
 * @param concurrency the number of pages that are visited at a time
 * @param timeout the time limit of one request
 * @param retries how often a request is repeated after a temporary failure
 * @param maxPages the largest number of URLs to visit
 * @param client the HTTP client: {@code jdk} or {@code heddle}
 * @param help whether to print the usage only
 */
record Options(
        List<URI> start,
        int depth,
        int concurrency,
        Duration timeout,
        int retries,
        int maxPages,
        String client,
        boolean help) {

    static final String USAGE = """
            usage: crawl [OPTIONS] [URL...]
            Crawls the pages that URL links to on the same host; without a URL, a site of 1,000 pages in this very process,
            once concurrently and once one page after another.
              --depth N          follow links N steps away from URL (default 10)
              --concurrency N    visit N pages at a time (default 64)
              --timeout SECONDS  give a request up after SECONDS (default 10)
              --retries N        repeat a request N times after a passing failure (default 2)
              --max-pages N      visit N URLs at most (default 2000)
              --client NAME      send requests with the client of the jdk (default), or with that of the sample http (heddle)
              --help             print this text""";

    /** Reads the arguments of the program. */
    static Options parse(String... arguments) throws UsageException {
        Parser parser = new Parser(arguments);
        while (parser.arguments.hasNext()) {
            parser.take(parser.arguments.next());
        }
        return new Options(
                List.copyOf(parser.start),
                parser.depth,
                parser.concurrency,
                parser.timeout,
                parser.retries,
                parser.maxPages,
                parser.client,
                parser.help);
    }

    Options startingAt(URI uri) {
        return new Options(List.of(uri), depth, concurrency, timeout, retries, maxPages, client, help);
    }

    Options oneAtATime() {
        return new Options(start, depth, 1, timeout, retries, maxPages, client, help);
    }

    private static final class Parser {

        private final Iterator<String> arguments;
        private final List<URI> start = new ArrayList<>();
        private int depth = 10;
        private int concurrency = 64;
        private Duration timeout = Duration.ofSeconds(10);
        private int retries = 2;
        private int maxPages = 2_000;
        private String client = "jdk";
        private boolean help;

        Parser(String... arguments) {
            this.arguments = Arrays.asList(arguments).iterator();
        }

        void take(String argument) throws UsageException {
            switch (argument) {
                case "--depth" -> depth = number(argument, 0);
                case "--concurrency" -> concurrency = number(argument, 1);
                case "--timeout" -> timeout = seconds(argument);
                case "--retries" -> retries = number(argument, 0);
                case "--max-pages" -> maxPages = number(argument, 1);
                case "--client" -> client = client(argument);
                case "--help", "-h" -> help = true;
                default -> {
                    if (argument.startsWith("-")) {
                        throw wrong("unknown option " + argument);
                    }
                    start.add(Urls.parse(argument)
                            .orElseThrow(() -> new UsageException("not an http or https URL: " + argument)));
                }
            }
        }

        private int number(String option, int least) throws UsageException {
            String value = value(option);
            try {
                int number = Integer.parseInt(value);
                if (number >= least) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                // The message below says so.
            }
            throw wrong(option + " takes a whole number from " + least + ", not " + value);
        }

        private String client(String option) throws UsageException {
            String value = value(option);
            if (!value.equals("jdk") && !value.equals("heddle")) {
                throw wrong(option + " takes jdk or heddle, not " + value);
            }
            return value;
        }

        private Duration seconds(String option) throws UsageException {
            String value = value(option);
            try {
                double seconds = Double.parseDouble(value);
                if (seconds > 0 && seconds <= Duration.ofDays(1).toSeconds()) {
                    return Duration.ofNanos((long) (seconds * 1e9));
                }
            } catch (NumberFormatException notANumber) {
                // The message below says so.
            }
            throw wrong(option + " takes a positive number of seconds, at most a day, not " + value);
        }

        private String value(String option) throws UsageException {
            if (!arguments.hasNext()) {
                throw wrong(option + " takes a value");
            }
            return arguments.next();
        }

        private static UsageException wrong(String message) {
            return new UsageException(message + System.lineSeparator() + USAGE);
        }
    }
}
