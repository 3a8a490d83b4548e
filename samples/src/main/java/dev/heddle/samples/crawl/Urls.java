// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Normalises URLs, so that each page is visited once. */
final class Urls {

    private Urls() {}

    /**
     * Parses {@code text}. Returns its URL without the fragment, or nothing unless it is an absolute http or https URL.
     */
    static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(text.strip().replace(" ", "%20")).normalize();
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null ? Optional.of(respell(uri)) : Optional.empty();
        } catch (URISyntaxException notAUrl) {
            return Optional.empty();
        }
    }

    private static URI respell(URI uri) throws URISyntaxException {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int defaultPort = scheme.equals("https") ? 443 : 80;
        String port = uri.getPort() < 0 || uri.getPort() == defaultPort ? "" : ":" + uri.getPort();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new URI(new URI(scheme + "://" + host + port + path + query).toASCIIString());
    }

    /** The URL of the reference {@code reference} on the page {@code base}. */
    static Optional<URI> resolve(URI base, String reference) {
        try {
            return parse(base.resolve(reference.strip().replace(" ", "%20")).toString());
        } catch (IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
    }

    /** The host and the port. A link is followed only if they are those of a start URL. */
    static String authority(URI uri) {
        return uri.getRawAuthority();
    }
}
