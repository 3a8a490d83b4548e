// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connects a {@link LoopCore} to its event loop. Unless a method says otherwise, it is called on the thread that runs the loop. */
public abstract class LoopOwner {

    /** Called by the event loop. */
    protected LoopOwner() {}

    /** Called when the calling thread begins to run the loop. */
    protected abstract void enter();

    /** Undoes {@link #enter}. */
    protected abstract void exit();

    /** Called when no step runs. This is between steps, but not between every two of them. */
    protected abstract void leave();

    /** Returns the number of tasks that are not done. */
    protected abstract int tasks();

    /** Handles an interrupt of the thread. If there is no other way to handle it, this method throws, and the throwable leaves the loop. */
    protected abstract void interrupted();

    /** Creates the error of a loop in virtual time that waits for a result although nothing can happen any more. */
    protected abstract IllegalStateException deadlock();

    /** Creates the error for a call on a thread other than the one that runs the loop. Called on that other thread. */
    protected abstract IllegalStateException wrongThread();

    /** Called when the host of this loop, a guest, does not run its turn, and {@code failure} says why. Nothing runs this loop any more. */
    protected abstract void refusedByHost(Throwable failure);

    /** Throws if the loop is closed. Called on any thread. */
    protected abstract void requireOpen();

    // Observation

    /** Whether the loop is in debug mode. Called on any thread. */
    protected abstract boolean isDebug();

    /** Called before a turn whose steps are observed. Probes that this call adds observe that turn. */
    protected abstract void observedTurnBegins();

    /** Returns the task whose step runs, or null for a callback. Called on any thread. */
    protected abstract @Nullable Step task();

    /** Returns the methods that await the running one, the innermost first. Called on any thread. */
    protected abstract List<StackTraceElement> awaiting();

    // Reports of failures that were not handled

    /** Whether {@link #report} may have something to report. Called in every turn. */
    protected abstract boolean hasReports();

    /** Reports failures that are due, and failures whose owner has been collected. */
    protected abstract void report();

    /** Reports failures whose owner has been collected. Called before the loop waits. */
    protected abstract void reportCollected();

    /** Returns when the next report is due, in nanoseconds of the clock. {@code Long.MAX_VALUE} if there is none. */
    protected abstract long nextReport();
}
