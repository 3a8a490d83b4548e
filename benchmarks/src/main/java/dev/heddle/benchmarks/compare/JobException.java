package dev.heddle.benchmarks.compare;

/** A peer could not be measured; the message says why. */
final class JobException extends Exception {

    JobException(String message) {
        super(message);
    }
}
