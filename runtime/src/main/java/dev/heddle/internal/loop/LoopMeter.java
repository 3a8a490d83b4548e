// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the work of a loop. Written by the loop's thread, read by all.
 *
 * <p>The numbers that change in each turn are stored in opaque mode, which costs as much as a plain store. A reader sees each number
 * eventually. A lock guards the numbers that change when the loop begins or stops waiting, which takes a system call anyway.
 */
@SuppressWarnings("UnusedVariable") // the handles read the fields
public final class LoopMeter {

    /** The counts of a meter at one moment. Times are in nanoseconds. */
    public record Reading(
            int ready, int tasks, int timers, long steps, long busy, long idle, long longestBusy, long longestStep) {}

    private static final VarHandle STEPS = handle("steps", long.class);
    private static final VarHandle READY = handle("ready", int.class);
    private static final VarHandle TASKS = handle("tasks", int.class);
    private static final VarHandle TIMERS = handle("timers", int.class);

    /** Measures busy and idle time. */
    private final Clock clock;

    /** Finds the longest step. */
    public final StepTimer timer;

    private long steps;
    private int ready;
    private int tasks;
    private int timers;

    // Guarded by this

    private long busyNanos;
    private long idleNanos;
    private long longestBusyNanos;
    private boolean running;
    private boolean waiting;

    /** When the loop entered its current condition: running, waiting or neither. */
    private long since;

    /** Creates a meter with all counts at 0. {@code clock} measures busy and idle time. */
    public LoopMeter(Clock clock) {
        this.clock = clock;
        this.timer = new StepTimer(clock);
    }

    private static VarHandle handle(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(LoopMeter.class, name, type);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Records the start of a turn of {@code count} steps. Returns whether {@link #timer} has to time the turn. */
    public boolean turn(int count, int tasksAlive, int timersArmed) {
        long last = steps + count;
        STEPS.setOpaque(this, last);
        READY.setOpaque(this, count);
        TASKS.setOpaque(this, tasksAlive);
        TIMERS.setOpaque(this, timersArmed);
        return timer.isDue(last);
    }

    /** Returns the number of the last step of the turn. Called on the loop's thread. */
    public long lastStep() {
        return steps;
    }

    /** Records whether the loop runs and whether it waits from now on. */
    public synchronized void change(boolean runs, boolean waits) {
        long now = clock.nanos();
        if (running) {
            long taken = now - since;
            if (waiting) {
                idleNanos += taken;
            } else {
                busyNanos += taken;
                longestBusyNanos = Math.max(longestBusyNanos, taken);
                timer.end(now, steps);
            }
        }
        if (runs && !waits) {
            timer.begin(now, steps);
        }
        running = runs;
        waiting = waits;
        since = now;
    }

    /** Returns the counts so far. Thread-safe. */
    public synchronized Reading read() {
        long now = running ? clock.nanos() - since : 0;
        long busy = waiting ? 0 : now;
        long step = running && !waiting ? timer.longestSoFar() : timer.longest();
        return new Reading(
                (int) READY.getOpaque(this),
                (int) TASKS.getOpaque(this),
                (int) TIMERS.getOpaque(this),
                (long) STEPS.getOpaque(this),
                busyNanos + busy,
                idleNanos + now - busy,
                Math.max(longestBusyNanos, busy),
                step);
    }
}
