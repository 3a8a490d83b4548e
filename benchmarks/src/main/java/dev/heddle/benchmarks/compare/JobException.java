package dev.heddle.benchmarks.compare;

/** A peer could not be measured; the message says why. */
final class JobException extends Exception {

    private final String reason;

    JobException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** The message. */
    String reason() {
        return reason;
    }
}
