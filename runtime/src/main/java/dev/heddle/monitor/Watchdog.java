// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import dev.heddle.EventLoop;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.SystemClock;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.WeakHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports steps that block an event loop, <i>while</i> they block it. A step is a callback or one step of a task; nothing else can run in the
 * loop until it ends. Use the watchdog to find code that computes for too long or calls a blocking method on the loop's thread.
 *
 * <p>A step that lasts longer than the limit is reported once, and again each time its duration has doubled. Each report is a
 * {@link StuckStep}: it has the stack of the thread and the methods that await, and says whether the step computes, waits, or is not given a
 * processor. {@link LoopStatistics#longestStep} is the cheaper choice if only the duration matters.
 *
 * <p>In debug mode every loop in real time is watched. The limit is the value that {@link EventLoop#getSlowCallbackDuration} has when watching
 * begins. The loop remains watched when debug mode is turned off.
 *
 * <p>One daemon thread watches all loops. A watched loop counts its steps, which costs about a nanosecond for each. A loop that can no longer be
 * reached is no longer watched. Every method may be called on any thread.
 *
 * <p>In asyncio, debug mode logs a slow step only after it has ended. The loop does that as well, see {@link EventLoop#setDebug}.
 */
public final class Watchdog {

    private static final Duration DEFAULT_LIMIT = Duration.ofMillis(100);

    /** Guards the map and the thread. */
    private static final Object LOCK = new Object();

    /** The watch of each loop. Neither the map nor a watch keeps its loop alive. */
    private static final Map<EventLoop, StepWatch> WATCHES = new WeakHashMap<>();

    /** Null while no loop is watched. */
    private static @Nullable Thread thread;

    private Watchdog() {}

    /** Watches {@code loop} as {@link #watch(EventLoop, Duration)} does, with a limit of 100 milliseconds. */
    public static void watch(EventLoop loop) {
        watch(loop, DEFAULT_LIMIT);
    }

    /**
     * Watches {@code loop} until it is closed, and logs each step that lasts longer than {@code limit} as a warning of the
     * {@link System.Logger} {@code dev.heddle}.
     */
    public static void watch(EventLoop loop, Duration limit) {
        watch(loop, limit, Watchdog::log);
    }

    /**
     * Watches {@code loop} until it is closed, and passes each step that lasts longer than {@code limit} to {@code receiver}. If the loop is
     * already watched, the new limit and receiver replace the old ones.
     *
     * <p>The receiver is called on the thread of the watchdog. While it runs, no loop is watched, so it should return soon. If it throws, the
     * failure is logged.
     */
    public static void watch(EventLoop loop, Duration limit, Consumer<? super StuckStep> receiver) {
        Objects.requireNonNull(receiver, "receiver");
        StepWatch watch = new StepWatch(loop, Seconds.toNanos(limit), receiver);
        synchronized (LOCK) {
            start(loop, watch);
        }
    }

    /** Stops watching {@code loop}. In debug mode the loop is watched again from its next turn on. */
    public static void unwatch(EventLoop loop) {
        synchronized (LOCK) {
            end(LoopAccess.core(loop), WATCHES.remove(loop));
            LockSupport.unpark(thread); // which may be null
        }
    }

    /** Watches {@code loop}, which runs in debug mode, unless it is watched. */
    static void watchInDebugMode(EventLoop loop, long limit) {
        if (isWatched(loop)) { // without the lock, because every turn asks
            return;
        }
        synchronized (LOCK) {
            if (!isWatched(loop)) {
                start(loop, new StepWatch(loop, limit, Watchdog::log));
            }
        }
    }

    static boolean isWatched(EventLoop loop) {
        return LoopAccess.core(loop).probe(Progress.class) != null;
    }

    /** Called while the lock is held. */
    private static void start(EventLoop loop, StepWatch watch) {
        LoopCore core = LoopAccess.core(loop);
        end(core, WATCHES.put(loop, watch));
        core.addProbe(watch.progress);
        if (thread == null) {
            thread = new Thread(Watchdog::run, "heddle-watchdog");
            thread.setDaemon(true);
            thread.start();
        }
        LockSupport.unpark(thread); // the next look may be due earlier
    }

    private static void end(LoopCore core, @Nullable StepWatch watch) {
        if (watch != null) {
            core.removeProbe(watch.progress);
        }
    }

    private static void log(StuckStep step) {
        logger().log(Level.WARNING, step.toString());
    }

    /** Looked up when there is something to log, because that takes time. */
    private static System.Logger logger() {
        return System.getLogger("dev.heddle");
    }

    /** Looks at all watched loops, until there are none. */
    private static void run() {
        ThreadProbe probe = ThreadProbe.best();
        long late = 0;
        while (true) {
            long before = SystemClock.INSTANCE.nanos();
            for (StepWatch watch : watches()) {
                try {
                    watch.look(before, late, probe);
                } catch (Throwable failure) { // even an assertion that failed: the other loops are still watched
                    logger().log(Level.ERROR, "the watchdog or a receiver of its reports failed", failure);
                }
            }
            long period = period();
            if (period == 0) {
                return;
            }
            long asleep = SystemClock.INSTANCE.nanos(); // after the reports, which take time
            LockSupport.parkNanos(period);
            late = SystemClock.INSTANCE.nanos() - asleep - period;
        }
    }

    private static List<StepWatch> watches() {
        synchronized (LOCK) {
            WATCHES.values().removeIf(StepWatch::isOver);
            return List.copyOf(WATCHES.values());
        }
    }

    /** Returns the number of nanoseconds until the next look. Returns 0 if no loop is watched; the thread then has to end. */
    private static long period() {
        synchronized (LOCK) {
            // Not isEmpty: the map counts a loop that has been collected until it looks at it.
            OptionalLong shortest =
                    WATCHES.values().stream().mapToLong(StepWatch::period).min();
            if (shortest.isEmpty()) {
                thread = null;
            }
            return shortest.orElse(0);
        }
    }
}
