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
