package dev.heddle.coroutines;

import dev.heddle.Task;

/** What a loop gives to a {@link ParkingFrame}, to let its task go on. */
public abstract class Waker {

    /** For the loop. */
    protected Waker() {}

    /**
     * Lets {@code task}, which waits, go on in the next turn.
     *
     * @throws IllegalStateException on another thread than that which runs the loop, or if the loop is closed
     */
    public abstract void wake(Task<?> task);
}
