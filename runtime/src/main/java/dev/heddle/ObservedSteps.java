package dev.heddle;

import dev.heddle.internal.ReadyQueue;
import org.jspecify.annotations.Nullable;

/** The steps of a turn in debug mode, or while a {@link Watchdog} watches, each of which is timed. Used on the loop's thread. */
final class ObservedSteps {

    private final EventLoop loop;
    private final ReadyQueue ready;
    private final LoopMeter meter;

    ObservedSteps(EventLoop loop, ReadyQueue ready, LoopMeter meter) {
        this.loop = loop;
        this.ready = ready;
        this.meter = meter;
    }

    /** Runs {@code count} entries of the ready queue, which are counted in {@code present} if somebody watches. */
    void run(int count, @Nullable Progress present) {
        Progress watched = present == null ? Watchdog.watchInDebugMode(loop) : present;
        StepTimer timer = meter.timer;
        timer.beginTurn(count, meter.lastStep());
        for (int left = count; left > 0; left--) {
            Object entry = ready.remove();
            if (watched != null) {
                watched.begin();
            }
            timer.take(1);
            if (loop.debug) {
                runMeasured(entry);
            } else {
                run(entry);
            }
            timer.ran();
        }
        timer.endTurn(count, meter.lastStep());
        end(watched);
    }

    /** Says that no step runs any more; also when something was thrown in the middle of one. */
    void end(@Nullable Progress watched) {
        if (watched != null) {
            watched.end();
        }
    }

    private static void run(Object entry) {
        if (entry instanceof Task<?> task) {
            task.step();
        } else {
            Turns.runCallback(entry);
        }
    }

    private void runMeasured(Object entry) {
        long start = loop.clock.nanos();
        run(entry);
        long taken = loop.clock.nanos() - start;
        if (taken >= loop.slowCallbackNanos) {
            ErrorReports.logSlow(entry, taken);
        }
    }
}
