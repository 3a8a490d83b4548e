package dev.heddle.sync.random;

import static dev.heddle.Asyncio.currentTask;

import dev.heddle.Task;
import java.util.Objects;

/** A task that uses a primitive. */
public final class User {

    public int name;

    private int cancellationsBefore;
    private Task<?> task;

    /** Begins a use, called by the task. */
    void start() {
        task = Objects.requireNonNull(currentTask());
        cancellationsBefore = task.cancelling();
    }

    /** Whether the task was cancelled since the use began. */
    public boolean isCancelled() {
        return task.cancelling() > cancellationsBefore;
    }

    @Override
    public String toString() {
        return "user " + name;
    }
}
