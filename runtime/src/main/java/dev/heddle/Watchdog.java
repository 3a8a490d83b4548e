package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.SystemClock;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports steps that keep a loop from running anything else, <i>while</i> they do: one daemon thread looks at all watched loops from time to
 * time. Each step over the limit is reported once, and again whenever it has lasted twice as long. A {@link StuckStep} has the stack of
 * the thread and the methods that await, and tells a step that computes from one that waits and from one that was not
 * given a processor. In asyncio such a step is logged in debug mode, when it is over.
 *
 * <p>In debug mode every loop in real time is watched, with what {@link EventLoop#getSlowCallbackDuration} is then as the limit, and
 * goes on being watched when debug mode is turned off. A watched loop
 * counts its steps, which costs it about a nanosecond each.
 *
 * <p>Every method may be called on any thread.
 */
public final class Watchdog {

    private static final Duration DEFAULT_LIMIT = Duration.ofMillis(100);

    /** Guards the two below. */
    private static final Object LOCK = new Object();

    /** The watches are found by their loops, and hold them weakly as the map does. */
    private static final Map<EventLoop, StepWatch> WATCHES = new WeakHashMap<>();

    /** Null while nothing is watched. */
    private static @Nullable Thread thread;

    private Watchdog() {}

    /** As {@link #watch(EventLoop, Duration)} with 100 milliseconds. */
    public static void watch(EventLoop loop) {
        watch(loop, DEFAULT_LIMIT);
    }

    /**
     * Watches {@code loop} until it is closed, and logs steps that last longer than {@code limit} as warnings of the {@link System.Logger}
     * {@code dev.heddle}.
     */
    public static void watch(EventLoop loop, Duration limit) {
        watch(loop, limit, step -> ErrorReports.logger().log(Level.WARNING, step.toString()));
    }

    /**
     * As {@link #watch(EventLoop, Duration)}; the steps go to {@code receiver}, on the thread of the watchdog, which it must not hold up. What
     * was said of this loop before is replaced.
     */
    public static void watch(EventLoop loop, Duration limit, Consumer<? super StuckStep> receiver) {
        Objects.requireNonNull(receiver, "receiver");
        StepWatch watch = new StepWatch(loop, Seconds.toNanos(limit), receiver);
        synchronized (LOCK) {
            WATCHES.put(loop, watch);
            loop.observation.setProgress(watch.progress);
            if (thread == null) {
                thread = new Thread(Watchdog::run, "heddle-watchdog");
                thread.setDaemon(true);
                thread.start();
            }
            LockSupport.unpark(thread); // the next look may be due earlier
        }
    }

    /** Watches {@code loop} no longer; in debug mode until its next turn. */
    public static void unwatch(EventLoop loop) {
        synchronized (LOCK) {
            WATCHES.remove(loop);
            loop.observation.setProgress(null);
            LockSupport.unpark(thread); // there may be none
        }
    }

    /**
     * Begins to watch {@code loop}, which runs in debug mode, unless it is watched or its time is virtual. Returns what its steps are counted
     * in from now on, null if it is not watched.
     */
    static @Nullable Progress watchInDebugMode(EventLoop loop) {
        if (!loop.observation.isWatched() && !loop.clock.isVirtual()) {
            watch(loop, Duration.ofNanos(loop.slowCallbackNanos));
        }
        return loop.observation.progress();
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
                } catch (
                        Throwable
                                failure) { // an assertion in a receiver, say: the other loops are watched all the same
                    ErrorReports.logger().log(Level.ERROR, "the watchdog or a receiver of its reports failed", failure);
                }
            }
            long period = period();
            if (period == 0) {
                return;
            }
            long asleep = SystemClock.INSTANCE.nanos(); // the reports take time, too
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

    /** How many nanoseconds may pass until the next look; 0, and the thread ends, if there is nothing to look at. */
    private static long period() {
        synchronized (LOCK) {
            if (WATCHES.isEmpty()) {
                thread = null;
                return 0;
            }
            return WATCHES.values().stream().mapToLong(StepWatch::period).min().orElseThrow();
        }
    }
}
