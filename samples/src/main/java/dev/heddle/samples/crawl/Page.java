// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a server, a success or a redirect.
 *
 * @param uri the requested URL
 * @param contentType the header, empty if there is none
 * @param body the content, or its beginning
 * @param seconds the duration of the request
 * @param redirect the target of the redirect, null for a success
 */
record Page(
        URI uri,
        String contentType,
        BoundedBody.Content body,
        double seconds,
        @Nullable URI redirect) {

    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

    boolean isHtml() {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/html") || type.startsWith("application/xhtml+xml");
    }

    /** The charset in the header, or null if there is none or it is unknown. */
    @Nullable
    String charset() {
        Matcher matcher = CHARSET.matcher(contentType);
        try {
            return matcher.find() && Charset.isSupported(matcher.group(1)) ? matcher.group(1) : null;
        } catch (IllegalArgumentException notAName) {
            return null;
        }
    }

    InputStream content() {
        return new ByteArrayInputStream(body.bytes().array(), 0, body.size());
    }
}
