// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The kind and the links of each page of the embedded site. The same seed gives the same plan. */
final class SitePlan {

    /** The behaviour of a page, and the number of such pages. All other pages are {@code PLAIN}. */
    enum Kind {
        /** Answers at once. */
        PLAIN(0),
        /** Answers after 200 to 400 ms. */
        SLOW(45),
        /** Does not exist: 404. */
        MISSING(20),
        /** Fails every time: 500. */
        BROKEN(8),
        /** Loses the connection in the middle of its content. */
        CUT(8),
        /** Fails the first time with 503, then succeeds. */
        BUSY(20),
        /** Redirects to another page. */
        MOVED(20),
        /** Is not HTML. */
        IMAGE(10),
        /** Has more content than the crawler reads. */
        HUGE(2);

        final int count;

        Kind(int count) {
            this.count = count;
        }
    }

    static final int PAGES = 1_000;

    /**
     * The number of children of a page. Page n links to the pages from n * CHILDREN + 1 on, so every page is reachable.
     */
    private static final int CHILDREN = 4;

    private static final int OTHER_LINKS = 4;

    private final List<Kind> kinds = new ArrayList<>(Collections.nCopies(PAGES, Kind.PLAIN));
    private final List<List<Integer>> links = new ArrayList<>();
    private final List<Integer> delays = new ArrayList<>();
    private final Random random;

    SitePlan(long seed) {
        random = new Random(seed);
        placeKinds();
        for (int page = 0; page < PAGES; page++) {
            delays.add(kinds.get(page) == Kind.SLOW ? 200 + random.nextInt(201) : 0);
            links.add(linksOf(page));
        }
    }

    /** Makes only leaves of the tree special, because a broken page hides the pages to which it links. */
    private void placeKinds() {
        List<Integer> leaves = new ArrayList<>();
        for (int page = PAGES / CHILDREN; page < PAGES; page++) {
            leaves.add(page);
        }
        Collections.shuffle(leaves, random);
        int next = 0;
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.count; i++) {
                kinds.set(leaves.get(next++), kind);
            }
        }
    }

    private List<Integer> linksOf(int page) {
        List<Integer> targets = new ArrayList<>();
        for (int child = page * CHILDREN + 1; child <= page * CHILDREN + CHILDREN && child < PAGES; child++) {
            targets.add(child);
        }
        for (int i = 0; i < OTHER_LINKS; i++) {
            targets.add(random.nextInt(PAGES));
        }
        return targets;
    }

    Kind kind(int page) {
        return kinds.get(page);
    }

    List<Integer> links(int page) {
        return links.get(page);
    }

    int delayMillis(int page) {
        return delays.get(page);
    }

    /** The target of a page of the kind {@code MOVED}: the page that links to it. */
    static int parent(int page) {
        return (page - 1) / CHILDREN;
    }
}
