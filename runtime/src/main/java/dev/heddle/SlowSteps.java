package dev.heddle;

import dev.heddle.internal.loop.Probe;
import dev.heddle.internal.loop.Step;

/** Measures the steps of a loop in debug mode, and logs the slow ones. Used on the loop's thread. */
final class SlowSteps implements Probe {

    private final EventLoop loop;

    /** Whether the present step is measured: debug mode may change in the middle of a turn. */
    private boolean measuring;

    /** When the present step began. */
    private long begun;

    SlowSteps(EventLoop loop) {
        this.loop = loop;
    }

    /** Starts or stops measuring with the next turn, according to the mode. Called on any thread when the mode has changed. */
    synchronized void update() {
        if (loop.debug) {
            loop.core.addProbe(this);
        } else {
            loop.core.removeProbe(this);
        }
    }

    @Override
    public void stepBegins(Step step) {
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
    public void turnEnded() {}
}
