package dev.heddle.coroutines;

import dev.heddle.woven.Suspendable;

/**
 * What the loop of a task gives to a {@link ParkingFrame}, which is in another package, to let the task go on. A class, as the compiler knows the
 * only subclass of one, but not of an interface.
 */
public abstract class Waker {

    /** For the loop. */
    protected Waker() {}

    /**
     * To be called before {@link #wake}, and before anything is changed for it. While no thread runs the loop, what other threads have sent is
     * made ready here, as it comes before what is woken then.
     *
     * @throws IllegalStateException on another thread than that which runs the loop
     */
    public abstract void requireThread();

    /**
     * Lets {@code task}, which waits no more, go on in the next turn. Called on the thread of the loop.
     *
     * @throws IllegalStateException if the loop is closed
     */
    public abstract void wake(Suspendable task);
}
