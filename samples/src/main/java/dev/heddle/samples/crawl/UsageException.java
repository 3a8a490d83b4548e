// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

/** Thrown if the command line is invalid. The message explains why to the user. */
final class UsageException extends Exception {

    UsageException(String message) {
        super(message);
    }
}
