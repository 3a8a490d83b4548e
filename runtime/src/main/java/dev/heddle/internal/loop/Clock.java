package dev.heddle.internal.loop;

/** The time of a loop, in nanoseconds since an origin of its own; it never goes back. */
public interface Clock {

    /** The time. Called on any thread. */
    long nanos();

    /**
     * Lets time pass without waiting for it.
     *
     * @return false if this clock cannot, and the caller has to wait
     */
    boolean jumpTo(long nanos);

    /** Whether time passes by {@link #jumpTo} alone. */
    boolean isVirtual();
}
