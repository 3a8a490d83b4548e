// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.time.Duration;

/** Converts between the seconds of the API and the internal nanoseconds. A value out of range becomes the nearest value in range. */
public final class Seconds {

    private static final double NANOS = 1e9;

    private Seconds() {}

    /** Converts nanoseconds to seconds. */
    public static double ofNanos(long nanos) {
        return nanos / NANOS;
    }

    /** Converts seconds to the nearest nanosecond, except that a positive number stays positive. */
    public static long toNanos(double seconds) {
        if (Double.isNaN(seconds)) {
            throw new IllegalArgumentException("not a time: NaN");
        }
        long nanos = Math.round(seconds * NANOS);
        return nanos == 0 && seconds > 0 ? 1 : nanos;
    }

    /** Converts {@code duration} to nanoseconds. */
    public static long toNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException overflow) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Returns the time {@code nanos} after {@code now}. */
    public static long sum(long now, long nanos) {
        long sum = now + nanos;
        if (((now ^ sum) & (nanos ^ sum)) < 0) {
            return nanos < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }

    /** Formats nanoseconds as seconds for a message, for example {@code 1.5 s}. */
    public static String text(long nanos) {
        double seconds = ofNanos(nanos);
        return (seconds == Math.rint(seconds) && Math.abs(seconds) < 1e15 ? Long.toString((long) seconds) : seconds)
                + " s";
    }
}
