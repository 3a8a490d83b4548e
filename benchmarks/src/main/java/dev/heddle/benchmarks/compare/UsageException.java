// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

/** Thrown if the command line names something that does not exist. The message names it and the possible values. */
final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }
}
