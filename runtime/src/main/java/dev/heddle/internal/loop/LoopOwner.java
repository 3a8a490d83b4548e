package dev.heddle.internal.loop;

/** The event loop as its {@link LoopCore} sees it. Every method is called on the thread that runs the loop. */
public abstract class LoopOwner {

    /** For the event loop. */
    protected LoopOwner() {}

    /** Says that the calling thread runs the loop from now on. */
    protected abstract void enter();

    /** Undoes {@link #enter}. */
    protected abstract void exit();

    /** Says that no step runs at this moment. Called between steps, though not between any two. */
    protected abstract void leave();

    /** How many tasks are not done. */
    protected abstract int tasks();

    /** Handles an interrupt of the thread, which a throwable leaves if nothing else is to be done. */
    protected abstract void interrupted();

    /** The error of a loop in virtual time that waits for a result, though nothing can happen any more. */
    protected abstract IllegalStateException deadlock();

    /** The error of a caller on another thread than the one that runs the loop. Called on that thread. */
    protected abstract IllegalStateException wrongThread();

    /** Throws if the loop is closed. */
    protected abstract void requireOpen();

    // Reports of failures that nobody has handled

    /** Whether {@link #report} may have something to do. Asked in every turn. */
    protected abstract boolean hasReports();

    /** Reports failures that are due, and those whose owner has been collected. */
    protected abstract void report();

    /** Reports failures whose owner has been collected. Called before the loop waits. */
    protected abstract void reportCollected();

    /** When the next report is due, in nanoseconds of the clock; the largest number if none is. */
    protected abstract long nextReport();
}
