package dev.heddle.samples.crawl;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** A page could not be had; the message is the cause in a few words, the same for all pages that share it. */
final class FetchException extends Exception {

    private final boolean passing;

    private FetchException(String message, boolean passing, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    private FetchException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    static FetchException ofStatus(int status) {
        return new FetchException("HTTP " + status, status == 429 || status >= 500);
    }

    static FetchException ofTimeout(Throwable timeout) {
        return new FetchException("timed out", true, timeout);
    }

    static FetchException of(IOException failure) {
        if (failure instanceof SSLException) {
            return new FetchException("TLS failure: " + failure.getMessage(), false, failure);
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

    /** Whether the same request may succeed a little later. */
    boolean isPassing() {
        return passing;
    }
}
