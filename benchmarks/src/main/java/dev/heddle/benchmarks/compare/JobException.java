// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

/** Thrown if a peer could not be measured. The message explains why. */
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
