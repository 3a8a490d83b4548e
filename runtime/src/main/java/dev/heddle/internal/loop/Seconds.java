package dev.heddle.internal.loop;

import java.time.Duration;

/** Conversions between the seconds of the API and the nanoseconds inside. What does not fit becomes the nearest that does. */
public final class Seconds {

    private static final double NANOS = 1e9;

    private Seconds() {}

    /** Nanoseconds as seconds. */
    public static double ofNanos(long nanos) {
        return nanos / NANOS;
    }

    /** To the nearest nanosecond, but a positive number stays positive. */
    public static long toNanos(double seconds) {
        if (Double.isNaN(seconds)) {
            throw new IllegalArgumentException("not a time: NaN");
        }
        long nanos = Math.round(seconds * NANOS);
        return nanos == 0 && seconds > 0 ? 1 : nanos;
    }

    /** The nanoseconds of {@code duration}. */
    public static long toNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException overflow) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** {@code nanos} after {@code now}. */
    public static long sum(long now, long nanos) {
        long sum = now + nanos;
        if (((now ^ sum) & (nanos ^ sum)) < 0) {
            return nanos < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }

    /** Seconds for a message: {@code 1.5 s}. */
    public static String text(long nanos) {
        double seconds = ofNanos(nanos);
        return (seconds == Math.rint(seconds) && Math.abs(seconds) < 1e15 ? Long.toString((long) seconds) : seconds)
                + " s";
    }
}
