// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.URI;

/** Sends GET requests over HTTP. */
interface Client extends AutoCloseable {

    /**
     * The answer of a server.
     *
     * @param contentType the header field, empty if there is none
     * @param location the header field, empty if there is none
     */
    record Answer(int status, String contentType, String location, BoundedBody.Content body) {

        boolean isRedirect() {
            return status >= 300 && status < 400 && !location.isEmpty();
        }
    }

    /** Gets {@code uri}. */
    Coroutine<Answer> get(URI uri) throws IOException;

    @Override
    void close();
}
