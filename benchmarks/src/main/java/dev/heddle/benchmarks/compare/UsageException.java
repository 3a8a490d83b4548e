package dev.heddle.benchmarks.compare;

/** The command line asks for something that there is not; the message names it, and what there is. */
final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }
}
