package dev.heddle.internal.report;

import dev.heddle.internal.frames.LogicalTrace;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers where the handles, futures and tasks were made that a loop in debug mode has made. Used on any thread. */
public final class Creations {

    /** As deep as in asyncio. */
    private static final int DEPTH = 10;

    private final Map<Object, List<StackTraceElement>> stacks = Collections.synchronizedMap(new WeakHashMap<>());

    /** Notes that {@code made} is made by those who are on the stack. */
    public void note(Object made) {
        stacks.put(made, LogicalTrace.ofProgram(DEPTH));
    }

    /** Notes that {@code made} is to be told of as made at {@code stack}, null if that is not known. */
    public void note(Object made, @Nullable List<StackTraceElement> stack) {
        if (stack == null) {
            stacks.remove(made);
        } else {
            stacks.put(made, stack);
        }
    }

    /** The stack of the program when {@code made} was made, the innermost method first; null if that was not in debug mode. */
    public @Nullable List<StackTraceElement> of(Object made) {
        return stacks.get(made);
    }

    /** Where {@code made} was made as a part of its text, empty if that is not known. */
    public String text(Object made) {
        List<StackTraceElement> stack = of(made);
        if (stack == null || stack.isEmpty()) {
            return "";
        }
        StackTraceElement top = stack.get(0);
        return " created at " + top.getFileName() + ":" + top.getLineNumber();
    }
}
