package dev.heddle;

import dev.heddle.internal.SystemClock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * What a loop counts of itself for {@link LoopStatistics}. Written by the loop's thread, read by all.
 *
 * <p>What changes with each turn is stored opaquely, which costs what a plain store does: a reader sees each number some time. What
 * changes when the loop begins and ends to wait, which takes a system call anyway, is guarded by a lock.
 */
@SuppressWarnings("UnusedVariable") // the handles read the fields
final class LoopMeter {

    private static final VarHandle STEPS = handle("steps", long.class);
    private static final VarHandle READY = handle("ready", int.class);
    private static final VarHandle TASKS = handle("tasks", int.class);
    private static final VarHandle TIMERS = handle("timers", int.class);

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

    /** When the loop began to do what it does now. */
    private long since;

    private static VarHandle handle(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(LoopMeter.class, name, type);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Says that a turn begins that is to run {@code count} steps. */
    void turn(int count, int tasksAlive, int timersArmed) {
        STEPS.setOpaque(this, steps + count);
        READY.setOpaque(this, count);
        TASKS.setOpaque(this, tasksAlive);
        TIMERS.setOpaque(this, timersArmed);
    }

    /** Says that from now on the loop runs, or does not, and waits, or does not. */
    synchronized void change(boolean runs, boolean waits) {
        long now = SystemClock.INSTANCE.nanos();
        if (running) {
            long taken = now - since;
            if (waiting) {
                idleNanos += taken;
            } else {
                busyNanos += taken;
                longestBusyNanos = Math.max(longestBusyNanos, taken);
            }
        }
        running = runs;
        waiting = waits;
        since = now;
    }

    /** Called on any thread. */
    synchronized LoopStatistics read() {
        long now = running ? SystemClock.INSTANCE.nanos() - since : 0;
        long busy = waiting ? 0 : now;
        return new LoopStatistics(
                (int) READY.getOpaque(this),
                (int) TASKS.getOpaque(this),
                (int) TIMERS.getOpaque(this),
                (long) STEPS.getOpaque(this),
                Duration.ofNanos(busyNanos + busy),
                Duration.ofNanos(idleNanos + now - busy),
                Duration.ofNanos(Math.max(longestBusyNanos, busy)));
    }
}
