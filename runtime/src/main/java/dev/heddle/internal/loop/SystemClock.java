package dev.heddle.internal.loop;

/** The time of the machine. Every loop of the process has the same. */
public final class SystemClock implements Clock {

    /** The one instance. */
    public static final SystemClock INSTANCE = new SystemClock();

    /** Times are small numbers, so that seconds in a {@code double} are exact to the nanosecond for a hundred days. */
    private final long origin = System.nanoTime();

    private SystemClock() {}

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public boolean jumpTo(long nanos) {
        return false;
    }

    @Override
    public boolean isVirtual() {
        return false;
    }
}
