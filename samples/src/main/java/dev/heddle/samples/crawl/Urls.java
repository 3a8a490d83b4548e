package dev.heddle.samples.crawl;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** One spelling for each URL, so that a page is visited once. */
final class Urls {

    private Urls() {}

    /** The URL that {@code text} spells, without its fragment, if it is an absolute http or https one. */
    static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(text.strip().replace(" ", "%20")).normalize();
            String scheme = uri.getScheme();
            if (scheme == null
                    || uri.getHost() == null
                    || !scheme.toLowerCase(Locale.ROOT).matches("https?")) {
                return Optional.empty();
            }
            return Optional.of(new URI(spelling(uri, scheme.toLowerCase(Locale.ROOT))));
        } catch (URISyntaxException notAUrl) {
            return Optional.empty();
        }
    }

    private static String spelling(URI uri, String scheme) throws URISyntaxException {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        int defaultPort = scheme.equals("https") ? 443 : 80;
        String port = uri.getPort() < 0 || uri.getPort() == defaultPort ? "" : ":" + uri.getPort();
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return new URI(scheme + "://" + host + port + path + query).toASCIIString();
    }

    /** The URL that {@code reference} spells on the page {@code base}. */
    static Optional<URI> resolve(URI base, String reference) {
        try {
            return parse(base.resolve(reference.strip().replace(" ", "%20")).toString());
        } catch (IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
    }

    /** Host and port: what links must agree in with the start to be followed. */
    static String authority(URI uri) {
        return uri.getRawAuthority();
    }
}
