package dev.heddle;

import java.util.List;

/** Formats the stack of a task. */
final class TaskStack {

    private TaskStack() {}

    /** Returns one line for each of {@code elements}, as in a stack trace. */
    static String text(List<StackTraceElement> elements) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : elements) {
            text.append("\tat ").append(element).append(System.lineSeparator());
        }
        return text.toString();
    }
}
