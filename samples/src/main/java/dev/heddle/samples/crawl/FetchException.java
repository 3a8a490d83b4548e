// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.io.IOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Thrown if a page could not be fetched. */
final class FetchException extends Exception {

    private final String reason;
    private final boolean passing;

    private FetchException(String reason, boolean passing, @Nullable Throwable cause) {
        super(reason, cause);
        this.reason = reason;
        this.passing = passing;
    }

    static FetchException ofStatus(int status) {
        return new FetchException("HTTP " + status, status == 429 || status >= 500, null);
    }

    static FetchException ofTimeout(Throwable timeout) {
        return new FetchException("timed out", true, timeout);
    }

    static FetchException of(IOException failure) {
        if (failure instanceof SSLException) {
            return new FetchException("TLS failure: " + failure.getMessage(), false, failure);
        }
        if (failure instanceof MalformedURLException) {
            return new FetchException(String.valueOf(failure.getMessage()), false, failure);
        }
        if (failure instanceof ProtocolException) {
            return new FetchException("malformed response: " + failure.getMessage(), false, failure);
        }
        if (failure instanceof UnknownHostException) {
            return new FetchException("unknown host", false, failure);
        }
        if (!(failure instanceof ConnectException)) {
            return new FetchException("connection lost", true, failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return new FetchException("unknown host", false, failure);
            }
        }
        return new FetchException("connection refused", true, failure);
    }

    /** The cause in a few words, the same for all pages that failed in this way. */
    String reason() {
        return reason;
    }

    /** Whether the same request may succeed a little later. */
    boolean isPassing() {
        return passing;
    }
}
