package dev.heddle;

/**
 * The end of a task's sleep: what is run in the turn in which the time is over, and lets the task run in the next. Made only then; before,
 * the task is among the timers itself.
 */
final class Alarm {

    /** {@link Task#place} of a task that does not sleep. */
    static final int NOWHERE = -1;

    /** {@link Task#place} from when the sleep is over until the alarm is run, in the same turn. */
    private static final int DUE = -2;

    final Task<?> task;

    /** The alarm of {@code task}, which has just left the timers. */
    Alarm(Task<?> task) {
        this.task = task;
        task.place = DUE;
    }

    /** Lets the task go on, unless the sleep was cancelled since it was over. */
    void run() {
        if (task.place == DUE) {
            task.place = NOWHERE;
            task.loop.ready.add(task);
        }
    }

    /** Ends the sleep of {@code task} before the time; false if there is none, or it is over. */
    static boolean cancel(Task<?> task) {
        if (task.place >= 0) {
            task.loop.timers.remove(task);
        } else if (task.place != DUE) {
            return false;
        }
        task.place = NOWHERE;
        return true;
    }

    @Override
    public String toString() {
        return "<Alarm of " + task + ">";
    }
}
