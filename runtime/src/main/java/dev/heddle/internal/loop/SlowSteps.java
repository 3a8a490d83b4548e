// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.lang.System.Logger.Level;
import java.util.Locale;

/** Measures the steps of a loop in debug mode, and logs the slow ones. Used on the loop's thread, except for the methods that say otherwise. */
public final class SlowSteps implements Probe {

    private static final long DEFAULT_LIMIT = 100_000_000;

    private final LoopCore core;
    private final LoopOwner owner;

    /** A step that takes this many nanoseconds or more is slow. Written by any thread. */
    private volatile long limit = DEFAULT_LIMIT;

    /** Whether the present step is measured. Debug mode may change during a turn. */
    private boolean measuring;

    /** When the present step began. */
    private long begun;

    SlowSteps(LoopCore core, LoopOwner owner) {
        this.core = core;
        this.owner = owner;
    }

    /** Returns the limit: a step that takes this many nanoseconds or more is slow. Thread-safe. */
    public long limit() {
        return limit;
    }

    /** Sets the limit: a step that takes {@code nanos} nanoseconds or more is slow. Thread-safe. */
    public void setLimit(long nanos) {
        limit = nanos;
    }

    /** Starts or stops measuring from the next turn on, depending on whether the loop is in debug mode. Thread-safe. */
    public synchronized void update() {
        if (owner.isDebug()) {
            core.addProbe(this);
        } else {
            core.removeProbe(this);
        }
    }

    @Override
    public void stepBegins(Step step) {
        measuring = owner.isDebug();
        if (measuring) {
            begun = core.clock.nanos();
        }
    }

    @Override
    public void stepEnded(Step step) {
        if (measuring) {
            long taken = core.clock.nanos() - begun;
            if (taken >= limit) {
                log(step, taken);
            }
        }
    }

    @Override
    public void turnEnded() {}

    private static void log(Step step, long nanos) {
        String text = String.format(Locale.ROOT, "Executing %s took %.3f seconds", step, Seconds.ofNanos(nanos));
        System.getLogger("dev.heddle").log(Level.WARNING, text);
    }
}
