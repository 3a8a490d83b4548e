// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.io.IOException;
import java.util.List;

/**
 * Crawls a web site with many requests in flight on one thread. Without a URL it crawls a site of its own, first
 * concurrently and then one page after another. Prints the progress, a summary of the results and, for its own site,
 * how much faster the concurrent crawl was. Ctrl-C prints the results so far. {@code --help} lists the options.
 */
public final class Crawl {

    private static final long SITE_SEED = 20_260_101;

    private Crawl() {}

    public static void main(String[] args) throws IOException {
        int exitCode = execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Runs the program and returns its exit code. */
    static int execute(String... args) throws IOException {
        Options options;
        try {
            options = Options.parse(args);
        } catch (UsageException wrong) {
            System.err.println("crawl: " + wrong.getMessage());
            return 2;
        }
        if (options.help()) {
            System.out.println(Options.USAGE);
            return 0;
        }
        return options.start().isEmpty() ? crawlOwnSite(options) : crawlGivenSites(options);
    }

    private static int crawlOwnSite(Options options) throws IOException {
        Stats concurrent = crawlOwnSiteOnce(options);
        Report report = new Report(System.out, concurrent);
        report.print();
        if (options.concurrency() > 1) {
            System.out.println("The same site one page after another, for comparison:");
            report.printComparison(crawlOwnSiteOnce(options.oneAtATime()));
        }
        return 0;
    }

    /** Crawls a new site, because some pages of a site fail only the first time. */
    private static Stats crawlOwnSiteOnce(Options options) throws IOException {
        try (Site site = Site.start(SITE_SEED)) {
            System.out.println("Crawling " + site.root() + ", " + options.concurrency() + " at a time");
            return run(crawl(options.startingAt(site.root())));
        }
    }

    private static int crawlGivenSites(Options options) {
        Stats stats = run(crawl(options));
        if (stats.pages() > 0) {
            new Report(System.out, stats).print();
        }
        int[] failedStarts = {0};
        stats.failures()
                .forEach((cause, uris) -> uris.stream()
                        .filter(uri -> options.start().contains(uri) || stats.pages() == 0)
                        .forEach(uri -> {
                            System.err.println("crawl: " + uri + ": " + cause);
                            failedStarts[0]++;
                        }));
        return failedStarts[0] > 0 ? 1 : 0;
    }

    /**
     * Crawls according to {@code options}. A crawl that is cancelled, for example by Ctrl-C, prints its results so far.
     */
    @Async
    static Coroutine<Stats> crawl(Options options) {
        Stats stats = new Stats(getRunningLoop()::time);
        try {
            await(crawl(options, stats));
        } catch (CancelledError interrupted) {
            System.out.println("Interrupted; so far:");
            new Report(System.out, stats).print();
            throw interrupted;
        }
        return Coroutine.of(stats);
    }

    /** Crawls and shows the progress. */
    @Async
    private static Coroutine<Void> crawl(Options options, Stats stats) {
        Frontier frontier = new Frontier(options);
        Task<Void> progress = createTask(new Progress(System.out, stats, frontier).show());
        Crawler crawler = new Crawler(options, frontier, stats);
        try {
            await(crawler.crawl());
        } finally {
            crawler.close();
            progress.cancel();
            await(Asyncio.wait(List.of(progress)));
            stats.end();
        }
        return Coroutine.done();
    }
}
