// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts actions at their times, in one daemon thread for the whole process: starting a thread for each run of a loop took most of the time of
 * a short test. The thread wakes up only at the time of an action that it knew when it fell asleep, or for an earlier one, so that adding and
 * removing an action that never starts costs little. Thread-safe.
 */
final class TimeLimitWatch {

    /** How long the thread stays when there is nothing to start. */
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final TimeLimitWatch ONLY = new TimeLimitWatch();

    /** The time of each action, in nanoseconds of {@link System#nanoTime}. Guarded by this. */
    private final Map<Runnable, Long> actions = new HashMap<>();

    /** When the thread wakes up. Guarded by this. */
    private long wakeUp;

    /** Whether there is a thread. Guarded by this. */
    private boolean running;

    private TimeLimitWatch() {}

    /** Starts {@code action}, in a thread of its own, after {@code nanos} nanoseconds, unless it is removed before. */
    static void add(Runnable action, long nanos) {
        ONLY.put(action, nanos);
    }

    /** Undoes {@link #add}. Does nothing if the action has been started. */
    static void remove(Runnable action) {
        ONLY.take(action);
    }

    private synchronized void put(Runnable action, long nanos) {
        long now = System.nanoTime();
        long time = now + Math.min(nanos, Long.MAX_VALUE / 2);
        actions.put(action, time);
        if (!running) {
            running = true;
            wakeUp = time;
            start(this::run, "heddle-test-limits");
        } else if (time - wakeUp < 0) {
            wakeUp = time;
            notifyAll();
        }
    }

    private synchronized void take(Runnable action) {
        actions.remove(action);
    }

    private static void start(Runnable action, String name) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void run() {
        try {
            boolean idle = false;
            while (!idle || !actions.isEmpty()) {
                idle = actions.isEmpty();
                wakeUp = System.nanoTime() + KEEP_ALIVE_NANOS;
                startDue();
                sleep();
            }
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        } finally {
            running = false;
        }
    }

    /** Starts what is due, and moves {@link #wakeUp} forward to the time of the next action. */
    private void startDue() {
        long now = System.nanoTime();
        for (Iterator<Map.Entry<Runnable, Long>> left = actions.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<Runnable, Long> each = left.next();
            if (each.getValue() - now <= 0) {
                left.remove();
                start(each.getKey(), "heddle-test-limit");
            } else if (each.getValue() - wakeUp < 0) {
                wakeUp = each.getValue();
            }
        }
    }

    private void sleep() throws InterruptedException {
        for (long left = wakeUp - System.nanoTime(); left > 0; left = wakeUp - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
