package dev.heddle.traces;

import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the turns of a loop in bursts, one every half second, because no time passes while something is ready. In some
 * turns a task is cancelled. The counterpart is in {@code trace_programs.py}.
 */
final class Turns {

    /** The number of turns that are counted every half second. */
    private static final int BURST = 12;

    /** The seconds after which turns are no longer counted, so that a deadlock is detected. */
    private static final double LIMIT = 1000;

    private final EventLoop loop;
    private final Map<Integer, String> cancels;
    private @Nullable Task<?> task;
    private int count;
    private boolean cancelled;
    private boolean over;

    /** Counts the turns of {@code loop}. {@code cancels} maps the turns in which a task is cancelled to the messages. */
    Turns(EventLoop loop, Map<Integer, String> cancels) {
        this.loop = loop;
        this.cancels = cancels;
    }

    int count() {
        return count;
    }

    /** Whether the task was not yet done when it was cancelled. */
    boolean cancelled() {
        return cancelled;
    }

    /** Counts from the next turn on, and cancels the task that is created after this call. */
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
