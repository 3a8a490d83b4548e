package dev.heddle.internal.loop;

/** Observes the steps of a loop one by one. Every method is called on the thread of the loop. */
public interface Probe {

    /** Says that a turn begins to run its steps. */
    void turnBegins();

    /** Says that {@code step} begins. */
    void stepBegins(Step step);

    /** Says that {@code step} has ended. Not called if a throwable leaves the loop. */
    void stepEnded(Step step);

    /** Says that no step runs any more. Called even if a throwable leaves the loop. */
    void turnEnded();
}
