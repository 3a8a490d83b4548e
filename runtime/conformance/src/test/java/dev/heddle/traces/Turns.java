package dev.heddle.traces;

import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the turns of a loop: a number of them, then after the next half second as many again, for no time passes while
 * something is ready. In some turns a task is cancelled. The counterpart is in {@code trace_programs.py}.
 */
final class Turns {

    /** How many turns are counted after each half second. */
    private static final int BURST = 12;

    /** The seconds after which turns are not counted, so that a deadlock is seen. */
    private static final double LIMIT = 1000;

    private final EventLoop loop;
    private final Map<Integer, String> cancels;
    private @Nullable Task<?> task;
    private int count;
    private boolean cancelled;
    private boolean over;

    /** Turns of {@code loop}, in some of which a task is cancelled with a message. */
    Turns(EventLoop loop, Map<Integer, String> cancels) {
        this.loop = loop;
        this.cancels = cancels;
    }

    int count() {
        return count;
    }

    /** Whether the task was not done when it was to be cancelled. */
    boolean cancelled() {
        return cancelled;
    }

    /** Counts from the next turn on, and cancels {@code task}, which is made after this. */
    void begin() {
        loop.callSoon(this::tick);
    }

    void cancelling(Task<?> task) {
        this.task = task;
    }

    void end() {
        over = true;
    }

    private void tick() {
        count++;
        String message = cancels.get(count);
        if (message != null && task != null) {
            cancelled |= task.cancel(message);
        }
        if (over || loop.time() >= LIMIT) {
            return;
        }
        if (count % BURST != 0) {
            loop.callSoon(this::tick);
        } else {
            loop.callAt(Math.floor(loop.time() * 2 + 1) / 2, this::tick);
        }
    }
}
