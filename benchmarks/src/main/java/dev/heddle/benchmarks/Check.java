package dev.heddle.benchmarks;

import org.jspecify.annotations.Nullable;

/** Compares what a benchmark computed with what it has to compute. */
final class Check {

    private Check() {}

    /** Gives {@code actual}; throws if it is not {@code expected}. */
    static int equal(int expected, @Nullable Integer actual) {
        if (actual == null || actual != expected) {
            throw new IllegalStateException("computed " + actual + " instead of " + expected);
        }
        return actual;
    }

    /** Gives {@code actual}; throws if it is not {@code expected}. */
    static long equal(long expected, @Nullable Long actual) {
        if (actual == null || actual != expected) {
            throw new IllegalStateException("computed " + actual + " instead of " + expected);
        }
        return actual;
    }
}
