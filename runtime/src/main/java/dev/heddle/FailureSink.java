// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

/** The event loop as an object without a loop knows it: a receiver of failures that no code can catch. Used on the loop's thread. */
abstract class FailureSink {

    /** Passes {@code failure} to the exception handler. The report has {@code subject}, the object concerned, under {@code key}. */
    abstract void reportFailure(String message, Throwable failure, String key, Object subject);
}
