// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/** The URLs that are still to be visited, in the order in which they were found. Each URL is admitted once. */
final class Frontier {

    /** A URL to visit, its distance from the start in links, and the redirects that led to it. */
    record Visit(URI uri, int depth, List<URI> redirectedFrom) {

        boolean isLoopedBy(URI target) {
            return uri.equals(target) || redirectedFrom.contains(target);
        }
    }

    private final Queue<Visit> waiting = new ArrayDeque<>();
    private final Set<URI> seen = new HashSet<>();
    private final Set<String> authorities = new HashSet<>();
    private final int maxDepth;
    private final int maxPages;

    Frontier(Options options) {
        maxDepth = options.depth();
        maxPages = options.maxPages();
        for (URI start : options.start()) {
            authorities.add(Urls.authority(start));
            admit(new Visit(start, 0, List.of()));
        }
    }

    /** Whether links in {@code visit} are near enough to the start to be added. */
    boolean goesBeyond(Visit visit) {
        return visit.depth() < maxDepth;
    }

    /**
     * Adds the target of a link in {@code visit}, unless it was added before, is on another host, or exceeds the limit.
     */
    void addLink(Visit visit, URI target) {
        admit(new Visit(target, visit.depth() + 1, List.of()));
    }

    /**
     * Adds the target of a redirect of {@code visit}. If a start URL redirects to another host, that host is crawled
     * too.
     */
    void addRedirect(Visit visit, URI target) {
        if (visit.depth() == 0) {
            authorities.add(Urls.authority(target));
        }
        List<URI> redirectedFrom = new ArrayList<>(visit.redirectedFrom());
        redirectedFrom.add(visit.uri());
        admit(new Visit(target, visit.depth(), redirectedFrom));
    }

    private void admit(Visit visit) {
        if (seen.size() < maxPages && authorities.contains(Urls.authority(visit.uri())) && seen.add(visit.uri())) {
            waiting.add(visit);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    Visit next() {
        return waiting.remove();
    }
}
