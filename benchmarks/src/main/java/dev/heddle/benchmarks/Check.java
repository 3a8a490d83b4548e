// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import org.jspecify.annotations.Nullable;

/** Compares the result of a benchmark with the expected one. */
final class Check {

    private Check() {}

    /** Returns {@code actual}; throws if it is not {@code expected}. */
    static int equal(int expected, @Nullable Integer actual) {
        if (actual == null || actual != expected) {
            throw new IllegalStateException("computed " + actual + " instead of " + expected);
        }
        return actual;
    }

    /** Returns {@code actual}; throws if it is not {@code expected}. */
    static long equal(long expected, @Nullable Long actual) {
        if (actual == null || actual != expected) {
            throw new IllegalStateException("computed " + actual + " instead of " + expected);
        }
        return actual;
    }
}
