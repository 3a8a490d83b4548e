package dev.heddle;

import dev.heddle.internal.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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

    /** What busy and idle time are measured with. */
    private final Clock clock;

    final StepTimer timer;

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

    /** Guards what follows: who starts JMX takes long, and the loop is not to wait for that. */
    private final Object registering = new Object();

    /** What takes the loop out of JMX, null if it is not registered there. */
    private @Nullable Runnable registration;

    private boolean closed;

    LoopMeter(Clock clock) {
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

    /** Says that a turn begins that is to run {@code count} steps. True if it has to be timed by {@link #timer}. */
    boolean turn(int count, int tasksAlive, int timersArmed) {
        long last = steps + count;
        STEPS.setOpaque(this, last);
        READY.setOpaque(this, count);
        TASKS.setOpaque(this, tasksAlive);
        TIMERS.setOpaque(this, timersArmed);
        return timer.isDue(last);
    }

    /** The number of the last step of the turn. Called on the loop's thread. */
    long lastStep() {
        return steps;
    }

    /** Says that from now on the loop runs, or does not, and waits, or does not. */
    synchronized void change(boolean runs, boolean waits) {
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

    /** Shows this through JMX as {@code name}. Called on any thread. */
    void register(String name) {
        synchronized (registering) {
            registerOnce(name);
        }
    }

    private void registerOnce(String name) {
        if (closed || registration != null) {
            throw new IllegalStateException("an event loop is registered once, while it is open; this one is "
                    + (closed ? "closed" : "registered already") + ", and cannot be registered as " + name);
        }
        try {
            registration = ManagedLoop.register(this, name);
        } catch (LinkageError withoutManagement) {
            throw new IllegalStateException(
                    "this JVM has no JMX; start it with the module java.management, or do without registering " + name,
                    withoutManagement);
        }
    }

    /** Says that the loop is closed. */
    void close() {
        Runnable registered;
        synchronized (registering) {
            closed = true;
            registered = registration;
            registration = null;
        }
        if (registered != null) {
            registered.run(); // without the lock, which those who read this through JMX take as well
        }
    }

    /** Called on any thread. */
    synchronized LoopStatistics read() {
        long now = running ? clock.nanos() - since : 0;
        long busy = waiting ? 0 : now;
        long step = running && !waiting ? timer.longestSoFar() : timer.longest();
        return new LoopStatistics(
                (int) READY.getOpaque(this),
                (int) TASKS.getOpaque(this),
                (int) TIMERS.getOpaque(this),
                (long) STEPS.getOpaque(this),
                Duration.ofNanos(busyNanos + busy),
                Duration.ofNanos(idleNanos + now - busy),
                Duration.ofNanos(Math.max(longestBusyNanos, busy)),
                Duration.ofNanos(step));
    }
}
