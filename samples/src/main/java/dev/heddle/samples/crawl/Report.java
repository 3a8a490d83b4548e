package dev.heddle.samples.crawl;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints what a crawl found. */
final class Report {

    private static final int SLOWEST = 5;

    private final PrintStream out;
    private final Stats stats;

    Report(PrintStream out, Stats stats) {
        this.out = out;
        this.stats = stats;
    }

    void print() {
        row("pages", "%,d (%,d not HTML, %,d cut off)", stats.pages(), stats.notHtml(), stats.truncated());
        row("bytes", "%,d", stats.bytes());
        row("redirects", "%,d", stats.redirects());
        row("failures", "%,d", stats.failed());
        stats.failures().forEach((cause, uris) -> line("  %,9d  %s, for example %s", uris.size(), cause, uris.get(0)));
        row(
                "requests",
                "%,d (%,.0f per second, %,d of them retries)",
                stats.requests(),
                stats.requests() / stats.seconds(),
                stats.retries());
        row("in flight", "%,d at most, %.1f on average", stats.mostInFlight(), stats.averageInFlight());
        List<Stats.Timing> slowest = stats.slowest(SLOWEST);
        row("slowest", "%,d of %,d pages", slowest.size(), stats.pages());
        slowest.forEach(timing -> line("  %9.3f s  %s", timing.seconds(), timing.uri()));
        row("time", "%.2f s", stats.seconds());
    }

    /** Compares with the crawl of the same site one page after another. */
    void printComparison(Stats oneAtATime) {
        line(
                "One page after another took %.2f s for %,d pages; concurrently it took %.2f s: %.1f times as fast.",
                oneAtATime.seconds(), oneAtATime.pages(), stats.seconds(), oneAtATime.seconds() / stats.seconds());
    }

    private void row(String name, String format, Object... values) {
        line("  %-10s %s", name, String.format(Locale.ROOT, format, values));
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
