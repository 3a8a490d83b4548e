package dev.heddle;

import java.io.IOException;
import java.util.List;

/** The stack of a task as a text. */
final class TaskStack {

    private TaskStack() {}

    /** See {@link Task#printStack}. */
    static void print(Task<?> task, Appendable target) throws IOException {
        List<StackTraceElement> elements = task.stack();
        String title = elements.isEmpty() ? "No stack for " : task.state == Future.FAILED ? "Trace of " : "Stack of ";
        target.append(title).append(task.toString()).append(System.lineSeparator());
        for (StackTraceElement element : elements) {
            target.append("\tat ").append(element.toString()).append(System.lineSeparator());
        }
    }
}
