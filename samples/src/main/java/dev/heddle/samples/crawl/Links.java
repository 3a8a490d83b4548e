// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Finds the links of a page. */
final class Links {

    private Links() {}

    /** The http and https URLs that {@code page} links to, without fragments, each once, in the order of the page. */
    static Set<URI> of(Page page) {
        Set<URI> links = new LinkedHashSet<>();
        for (Element link : parse(page).select("a[href], area[href]")) {
            Urls.parse(link.absUrl("href")).ifPresent(links::add);
        }
        return links;
    }

    private static Document parse(Page page) {
        try {
            return Jsoup.parse(page.content(), page.charset(), page.uri().toString());
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
    }
}
