package dev.heddle.coroutines;

import dev.heddle.spi.Suspendable;

/** What the loop of a task gives to a {@link ParkingFrame}, which is in another package, to let the task go on. */
public abstract class Waker {

    /** For the loop. */
    protected Waker() {}

    /**
     * To be called before {@link #wake}, and before anything is changed for it.
     *
     * @throws IllegalStateException on another thread than that which runs the loop
     */
    public abstract void requireThread();

    /**
     * Lets {@code task}, which waits, go on in the next turn.
     *
     * @throws IllegalStateException if the loop is closed
     */
    public abstract void wake(Suspendable task);
}
