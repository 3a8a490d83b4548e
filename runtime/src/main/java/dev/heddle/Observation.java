package dev.heddle;

import dev.heddle.internal.loop.Probe;
import dev.heddle.internal.loop.Step;
import org.jspecify.annotations.Nullable;

/** Observes the steps of a loop in debug mode, when it measures each of them, and while a {@link Watchdog} watches, for which it counts them. */
final class Observation implements Probe {

    private final EventLoop loop;

    /** Counts the steps while a {@link Watchdog} watches, null otherwise. Written by any thread. */
    private volatile @Nullable Progress progress;

    /** Counts the steps of the present turn, null if nobody watches. */
    private @Nullable Progress counting;

    /** Whether the present step is measured, and when it began. */
    private boolean measuring;

    private long begun;

    Observation(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether a {@link Watchdog} watches. Called on any thread. */
    boolean isWatched() {
        return progress != null;
    }

    /** Counts the steps while a {@link Watchdog} watches, null otherwise. Called on any thread. */
    @Nullable
    Progress progress() {
        return progress;
    }

    /** Sets what counts the steps from the next turn on. Called on any thread. */
    void setProgress(@Nullable Progress progress) {
        this.progress = progress;
        update();
    }

    /** Observes from the next turn on, or does not, according to the mode. Called on any thread when that has changed. */
    synchronized void update() {
        loop.core.setProbe(loop.debug || progress != null ? this : null);
    }

    @Override
    public void turnBegins() {
        Progress present = progress;
        counting = present == null && loop.debug ? Watchdog.watchInDebugMode(loop) : present;
    }

    @Override
    public void stepBegins(Step step) {
        if (counting != null) {
            counting.begin();
        }
        measuring = loop.debug;
        if (measuring) {
            begun = loop.clock.nanos();
        }
    }

    @Override
    public void stepEnded(Step step) {
        if (measuring) {
            long taken = loop.clock.nanos() - begun;
            if (taken >= loop.slowCallbackNanos) {
                ErrorReports.logSlow(step, taken);
            }
        }
    }

    @Override
    public void turnEnded() {
        if (counting != null) {
            counting.end();
        }
    }
}
