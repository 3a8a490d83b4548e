package dev.heddle.internal.loop;

/** How a loop waits for the world outside its thread. */
public interface Parking {

    /** To {@link #block} without a limit. */
    long FOREVER = Long.MAX_VALUE;

    /**
     * Blocks the loop's thread until {@link #wake} is called, {@code nanos} have passed, or the thread is interrupted; it may
     * also return for no reason. The interrupt flag is left as it is.
     */
    void block(long nanos);

    /** Ends the {@link #block} that runs, or the next one. Called on any thread. */
    void wake();
}
