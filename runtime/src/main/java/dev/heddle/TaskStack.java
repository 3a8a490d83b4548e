package dev.heddle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The stack of a task as a text. */
final class TaskStack {

    private TaskStack() {}

    /** See {@link Task#printStack}. */
    static void print(Task<?> task, Appendable target) throws IOException {
        List<StackTraceElement> elements = task.stack();
        String title = elements.isEmpty() ? "No stack for " : task.state() == Future.FAILED ? "Trace of " : "Stack of ";
        target.append(title).append(task.toString()).append(System.lineSeparator());
        target.append(text(elements));
    }

    /** The tasks of {@code loop} that are not done, each with its stack. */
    static String ofAll(EventLoop loop) {
        StringBuilder text = new StringBuilder();
        for (Task<?> task : loop.tasks.all()) {
            try {
                print(task, text);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return text.toString();
    }

    static String text(List<StackTraceElement> elements) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : elements) {
            text.append("\tat ").append(element).append(System.lineSeparator());
        }
        return text.toString();
    }
}
