// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.io.PrintStream;
import java.util.Locale;

/** Prints the results of a crawl. */
final class Report {

    private static final int SLOWEST = 5;

    private final PrintStream out;
    private final Stats stats;

    Report(PrintStream out, Stats stats) {
        this.out = out;
        this.stats = stats;
    }

    void print() {
        Locale root = Locale.ROOT;
        out.printf(
                root,
                "  pages      %,d (%,d not HTML, %,d cut off)%n",
                stats.pages(),
                stats.notHtml(),
                stats.truncated());
        out.printf(root, "  bytes      %,d%n", stats.bytes());
        out.printf(root, "  redirects  %,d%n", stats.redirects());
        out.printf(root, "  failures   %,d%n", stats.failed());
        stats.failures()
                .forEach((reason, uris) ->
                        out.printf(root, "  %,9d  %s, for example %s%n", uris.size(), reason, uris.get(0)));
        out.printf(
                root,
                "  requests   %,d (%,.0f per second, %,d of them retries)%n",
                stats.requests(),
                stats.requests() / stats.seconds(),
                stats.retries());
        out.printf(root, "  in flight  %,d at most, %.1f on average%n", stats.mostInFlight(), stats.averageInFlight());
        out.printf(root, "  slowest%n");
        for (Stats.Timing timing : stats.slowest(SLOWEST)) {
            out.printf(root, "  %9.3f s  %s%n", timing.seconds(), timing.uri());
        }
        out.printf(root, "  time       %.2f s%n", stats.seconds());
    }

    /** Compares this crawl with one of the same site, one page at a time. */
    void printComparison(Stats oneAtATime) {
        out.printf(
                Locale.ROOT,
                "One page after another took %.2f s for %,d pages; concurrently it took %.2f s: %.1f times as fast.%n",
                oneAtATime.seconds(),
                oneAtATime.pages(),
                stats.seconds(),
                oneAtATime.seconds() / stats.seconds());
    }
}
