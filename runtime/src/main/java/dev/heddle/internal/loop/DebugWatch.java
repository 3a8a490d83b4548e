package dev.heddle.internal.loop;

/**
 * Watches the loops that run in debug mode. A loop finds the implementation with the {@link java.util.ServiceLoader}, so that it does not
 * depend on the watchdog. A loop that never runs in debug mode never looks for one.
 */
public interface DebugWatch {

    /**
     * Watches {@code loop}, an event loop, unless it is watched already. Called on its thread before each turn that runs in debug mode and in real
     * time. A probe that this call adds to the loop observes that turn.
     *
     * @param limit the number of nanoseconds that a step may take
     */
    void watch(Object loop, long limit);
}
