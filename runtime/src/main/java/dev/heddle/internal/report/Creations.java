// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

import dev.heddle.internal.frames.LogicalTrace;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Records where the handles, futures and tasks of a loop in debug mode were created. Thread-safe. */
public final class Creations {

    /** The number of methods to keep, as in asyncio. */
    private static final int DEPTH = 10;

    private final Map<Object, List<StackTraceElement>> stacks = Collections.synchronizedMap(new WeakHashMap<>());

    /** Records that the methods on the stack of this thread create {@code made}. */
    public void note(Object made) {
        stacks.put(made, LogicalTrace.ofProgram(DEPTH));
    }

    /** Records that {@code made} was created at {@code stack}, or removes the record if that is null. */
    public void note(Object made, @Nullable List<StackTraceElement> stack) {
        if (stack == null) {
            stacks.remove(made);
        } else {
            stacks.put(made, stack);
        }
    }

    /** Returns the program's methods that created {@code made}, the innermost first, or null if the loop was not in debug mode. */
    public @Nullable List<StackTraceElement> of(Object made) {
        return stacks.get(made);
    }

    /** Returns the place where {@code made} was created, for its {@code toString}. Empty if it is not known. */
    public String text(Object made) {
        List<StackTraceElement> stack = of(made);
        if (stack == null || stack.isEmpty()) {
            return "";
        }
        StackTraceElement top = stack.get(0);
        return " created at " + top.getFileName() + ":" + top.getLineNumber();
    }
}
