package dev.heddle;

import java.util.List;
import java.util.stream.Collectors;

/** What is said of a loop in virtual time when nothing can happen any more. */
final class Deadlock {

    private Deadlock() {}

    static IllegalStateException in(EventLoop loop) {
        String waiting = loop.tasks.all().stream().map(Deadlock::describe).collect(Collectors.joining(", "));
        return new IllegalStateException("deadlock in " + loop
                + ": nothing is ready, no timer runs and no other thread is expected to answer; waiting tasks: "
                + (waiting.isEmpty() ? "none" : waiting));
    }

    private static String describe(Task<?> task) {
        List<StackTraceElement> stack = task.stack();
        return stack.isEmpty() ? task.name() : task.name() + " at " + stack.get(0);
    }
}
