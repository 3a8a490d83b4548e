// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import dev.heddle.EventLoop;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.LoopMeter;
import java.time.Duration;
import java.util.Objects;

/**
 * Counts the work that an event loop has done and still has to do. Use the numbers to see whether a loop is overloaded: the shares of {@link #busy}
 * and {@link #idle} time say how much it could still do, and {@link #longestStep} says how late a timer may have been. Every loop always
 * counts, in debug mode or not.
 *
 * <p>{@link #of} reads the numbers once. {@link #register} exposes them through JMX. Both may be called on any thread.
 *
 * <p>Times are real time, even if the loop's own time is virtual.
 *
 * @param ready the number of callbacks and steps of tasks that were ready when the present iteration began, or the last one if the loop waits
 * @param tasks the number of tasks that were not done then
 * @param timers the number of timers that were running then
 * @param steps the number of callbacks and steps of tasks since the loop was created, all those of the present iteration included
 * @param busy the time for which the loop has been running without waiting
 * @param idle the time for which the loop has been waiting for something to do
 * @param longestBusy the longest time without a pause, the present one included. A loop that rarely pauses has more work than it can do
 * @param longestStep the longest time that one callback or step of a task has taken, the present one included. No step has taken longer. The loop
 *     does not read the clock after every short step, so this is the longest time between two readings: at most 256 steps, of which the
 *     loop expects that they take less than 8 microseconds together, and a single step after a pause or after a long step. A long step
 *     is therefore reported with a few microseconds of short steps that ran before it. Several long steps are reported as one only if they
 *     directly follow short steps and come before the next reading. {@link Watchdog} reports which step it is
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

    /** Returns the present statistics of {@code loop}. */
    public static LoopStatistics of(EventLoop loop) {
        return of(LoopAccess.core(loop).meter.read());
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
     * Exposes the statistics of {@code loop} through JMX until the loop is closed. They are the attributes of the {@link LoopMXBean}
     * {@code dev.heddle:type=EventLoop,name=NAME} in the platform's MBean server. A registered loop runs as fast as another, because the
     * numbers are read only when a client asks for them. Loops are not registered by default, because the first registration starts JMX,
     * which takes a JVM some time.
     *
     * @throws IllegalStateException if {@code loop} is closed or already registered, if another loop has the name, or if this JVM does not
     *     have the module {@code java.management}
     */
    public static void register(EventLoop loop, String name) {
        Objects.requireNonNull(name, "name");
        LoopCore core = LoopAccess.core(loop);
        core.requireOpen();
        LoopMeter meter = core.meter;
        try {
            core.registration.register(name, () -> ManagedLoop.register(meter, name));
        } catch (LinkageError withoutManagement) {
            throw new IllegalStateException(
                    "this JVM has no JMX; start it with the module java.management, or do without registering " + name,
                    withoutManagement);
        }
    }
}
