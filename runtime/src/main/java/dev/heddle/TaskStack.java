package dev.heddle;

import java.util.List;

/** The stack of a task as text. */
final class TaskStack {

    private TaskStack() {}

    /** One line for each of {@code elements}, as in a stack trace. */
    static String text(List<StackTraceElement> elements) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : elements) {
            text.append("\tat ").append(element).append(System.lineSeparator());
        }
        return text.toString();
    }
}
