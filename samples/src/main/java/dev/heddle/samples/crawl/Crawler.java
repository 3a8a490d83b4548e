// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.toThread;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.Waited;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Visits pages and their links, with one task per page and a bounded number of tasks at a time. All methods run on the
 * loop's thread, so plain collections suffice.
 */
final class Crawler {

    private final Options options;
    private final Frontier frontier;
    private final Fetcher fetcher;
    private final Stats stats;

    Crawler(Options options, Frontier frontier, Stats stats) {
        this.options = options;
        this.frontier = frontier;
        this.fetcher = new Fetcher(options, stats);
        this.stats = stats;
    }

    /** Crawls until nothing is left to visit. */
    @Async
    Coroutine<Void> crawl() {
        Set<Task<Void>> visits = new LinkedHashSet<>();
        while (!visits.isEmpty() || !frontier.isEmpty()) {
            while (visits.size() < options.concurrency() && !frontier.isEmpty()) {
                visits.add(createTask(visit(frontier.next())));
            }
            Waited<Task<Void>> waited = await(Asyncio.wait(visits, ReturnWhen.FIRST_COMPLETED));
            for (Task<Void> visit : waited.done()) {
                visits.remove(visit);
                visit.result(); // Rethrows an unexpected failure of the visit.
            }
        }
        return Coroutine.done();
    }

    /** Closes the connections. */
    void close() {
        fetcher.close();
    }

    @Async
    private Coroutine<Void> visit(Frontier.Visit visit) {
        Page page;
        try {
            page = await(fetcher.fetch(visit.uri()));
        } catch (FetchException failure) {
            stats.failed(visit.uri(), failure.reason());
            return Coroutine.done();
        }
        URI redirect = page.redirect();
        if (redirect != null) {
            follow(visit, redirect);
            return Coroutine.done();
        }
        stats.visited(page);
        if (page.isHtml() && frontier.goesBeyond(visit)) {
            // Parsing a megabyte of HTML on the loop's thread would keep all other visits waiting.
            for (URI link : await(toThread(() -> Links.of(page)))) {
                frontier.addLink(visit, link);
            }
        }
        return Coroutine.done();
    }

    private void follow(Frontier.Visit visit, URI target) {
        if (visit.isLoopedBy(target)) {
            stats.failed(visit.uri(), "redirect loop");
        } else {
            stats.redirected();
            frontier.addRedirect(visit, target);
        }
    }
}
