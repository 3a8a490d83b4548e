package dev.heddle;

import java.time.Duration;

/**
 * What a loop has done, and has to do. Every loop counts this always.
 *
 * @param ready how many callbacks and steps of tasks the present turn runs, or the last one if the loop waits: those that were ready when it
 *     began
 * @param tasks how many tasks were not done then
 * @param timers how many timers ran then
 * @param steps how many callbacks and steps of tasks were run since the loop was made
 * @param busy the real time that the loop was running something
 * @param idle the real time that the loop ran and had nothing to do
 * @param longestBusy the longest time without a pause, the present one included: no step has taken longer, and a loop whose pauses are
 *     rare has more to do than it can. {@link Watchdog} tells of single steps
 */
public record LoopStatistics(
        int ready, int tasks, int timers, long steps, Duration busy, Duration idle, Duration longestBusy) {

    /** The statistics of {@code loop} at this moment. May be called on any thread. */
    public static LoopStatistics of(EventLoop loop) {
        return loop.turns.meter.read();
    }
}
