// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a step that blocks an event loop, as the {@link Watchdog} has found it: the thread's stack, and the reason why the step takes long.
 * {@link #toString} returns all of it as text. The record is immutable and may be used on any thread.
 *
 * @param loop the loop in which nothing else can run
 * @param task the task whose step it is, null for a callback. The loop's thread is using the task: use it for messages only
 * @param duration the time for which the step has been observed so far
 * @param cause why the step takes long
 * @param reason the cause in words, with details
 * @param stack the stack of the thread down to the loop, the innermost method first
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

    /** The reason why a step takes long. */
    public enum Cause {
        /** The step computes: its thread is on a processor. */
        BUSY,
        /** The thread waits for a lock, for another thread, or for input or output. */
        BLOCKED,
        /** The thread could run but is not given a processor: other programs use them, or the whole JVM was stopped. */
        DESCHEDULED,
        /** The thread could run. Without the module {@code java.management} it is not known whether it does. */
        UNKNOWN
    }

    /** The number of awaiting methods that the text shows. */
    private static final int SHOWN = 100;

    /** Creates a description that has copies of the lists. */
    public StuckStep {
        Objects.requireNonNull(cause, "cause");
        stack = List.copyOf(stack);
        awaiting = List.copyOf(awaiting);
    }

    /** Returns the description as text of several lines. */
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
