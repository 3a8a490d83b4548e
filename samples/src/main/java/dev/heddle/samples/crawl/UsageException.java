package dev.heddle.samples.crawl;

/** The command line makes no sense; the message says why to its author. */
final class UsageException extends Exception {

    UsageException(String message) {
        super(message);
    }
}
