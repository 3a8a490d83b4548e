package dev.heddle;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A step of a loop that a {@link Watchdog} has seen going on for too long: nothing else can run in the loop meanwhile.
 *
 * @param loop the loop
 * @param task the task whose step it is, null for a callback; to be used for messages only, as the loop's thread is using it
 * @param duration how long the step has been seen so far
 * @param cause why it takes so long
 * @param reason {@code cause} in words, with what is known of it
 * @param stack the stack of the thread, the innermost method first, down to the loop
 * @param awaiting the methods that await those of {@code stack}, the innermost first
 */
public record StuckStep(
        EventLoop loop,
        @Nullable Task<?> task,
        Duration duration,
        Cause cause,
        String reason,
        List<StackTraceElement> stack,
        List<StackTraceElement> awaiting) {

    /** Why a step takes long. */
    public enum Cause {
        /** It computes: the thread is on a processor. */
        BUSY,
        /** The thread waits: for a lock, for another thread, for input or output. */
        BLOCKED,
        /** The thread could run and does not: other programs have the processors, or the whole JVM was stopped. */
        DESCHEDULED,
        /** The thread can run, and whether it does cannot be told without the module {@code java.management}. */
        UNKNOWN
    }

    /** So many awaiting methods are shown. */
    private static final int SHOWN = 100;

    /** Checks and copies. */
    public StuckStep {
        Objects.requireNonNull(cause, "cause");
        stack = List.copyOf(stack);
        awaiting = List.copyOf(awaiting);
    }

    /** All of it, on several lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(task == null ? "A callback" : "Task " + task.name())
                .append(" keeps ")
                .append(loop)
                .append(" from running anything else for ")
                .append(duration.toMillis())
                .append(" ms: ")
                .append(reason);
        stack.forEach(element -> append(text, "at ", element));
        awaiting.stream().limit(SHOWN).forEach(element -> append(text, "awaited at ", element));
        if (awaiting.size() > SHOWN) {
            append(text, "", "... " + (awaiting.size() - SHOWN) + " more");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String label, Object line) {
        text.append(System.lineSeparator()).append('\t').append(label).append(line);
    }
}
