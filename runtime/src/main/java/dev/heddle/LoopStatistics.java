package dev.heddle;

import dev.heddle.internal.loop.LoopMeter;
import java.time.Duration;
import java.util.Objects;

/**
 * The work that a loop has done, and has to do. Every loop counts it always.
 *
 * @param ready how many callbacks and steps of tasks the present turn runs, or the last one if the loop waits: those that were ready when it
 *     began
 * @param tasks how many tasks were not done then
 * @param timers how many timers ran then
 * @param steps how many callbacks and steps of tasks were run since the loop was made
 * @param busy the real time that the loop was running something
 * @param idle the real time that the loop ran and had nothing to do
 * @param longestBusy the longest time without a pause, the present one included: a loop whose pauses are rare has more to do than it can
 * @param longestStep the longest real time that one callback or step of a task took, the present one included. No step has taken longer; but
 *     the loop does not look at the clock after every short step, and this is the longest time between two looks. There are at most 256
 *     steps between them, of which the loop expects that they take less than 8 microseconds together, and only one after a pause or after a
 *     long step was found. So a long step is told as long as it was, but for a few microseconds of short steps that came with it. Only
 *     when several long steps follow short ones without a pause, those of them that come before the next look are told as one.
 *     {@link Watchdog} tells which step it is
 */
public record LoopStatistics(
        int ready,
        int tasks,
        int timers,
        long steps,
        Duration busy,
        Duration idle,
        Duration longestBusy,
        Duration longestStep) {

    /** The statistics of {@code loop} at this moment. May be called on any thread. */
    public static LoopStatistics of(EventLoop loop) {
        return of(loop.core.meter.read());
    }

    static LoopStatistics of(LoopMeter.Reading counted) {
        return new LoopStatistics(
                counted.ready(),
                counted.tasks(),
                counted.timers(),
                counted.steps(),
                Duration.ofNanos(counted.busy()),
                Duration.ofNanos(counted.idle()),
                Duration.ofNanos(counted.longestBusy()),
                Duration.ofNanos(counted.longestStep()));
    }

    /**
     * Shows the statistics of {@code loop} through JMX until it is closed, as the attributes of the {@link LoopMXBean}
     * {@code dev.heddle:type=EventLoop,name=NAME} of the platform's MBean server. That costs the loop nothing until somebody asks; but it
     * starts JMX, which takes a JVM some time, so that no loop is shown that was not registered. May be called on any thread.
     *
     * @throws IllegalStateException if {@code loop} is closed or registered already, another loop has the name, or this JVM does not have
     *     the module {@code java.management}
     */
    public static void register(EventLoop loop, String name) {
        Objects.requireNonNull(name, "name");
        loop.requireOpen();
        LoopMeter meter = loop.core.meter;
        try {
            loop.core.registration.register(name, () -> ManagedLoop.register(meter, name));
        } catch (LinkageError withoutManagement) {
            throw new IllegalStateException(
                    "this JVM has no JMX; start it with the module java.management, or do without registering " + name,
                    withoutManagement);
        }
    }
}
