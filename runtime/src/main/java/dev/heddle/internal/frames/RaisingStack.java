// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.frames;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program's methods on the stack of a thread.
 *
 * @param methods the program's methods down to the one that the loop drives, the innermost first
 * @param driver the runtime's method that drives them, or null if no loop does
 * @param below the program's methods below the driver
 */
record RaisingStack(
        List<StackTraceElement> methods, @Nullable StackTraceElement driver, List<StackTraceElement> below) {

    /** Returns the stack of the caller. */
    static RaisingStack here() {
        return StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES) // as in the traces of failures
                .walk(frames -> of(frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .limit(RaisedTrace.LONGEST)
                        .toList()));
    }

    static RaisingStack of(List<StackTraceElement> stack) {
        List<StackTraceElement> methods = new ArrayList<>();
        List<StackTraceElement> below = new ArrayList<>();
        StackTraceElement driver = null;
        for (StackTraceElement element : stack) {
            if (!StackFilter.isOfRuntime(element)) {
                (driver == null ? methods : below).add(element);
            } else if (driver == null && StackFilter.drives(element)) {
                driver = element;
            }
        }
        return new RaisingStack(methods, driver, below);
    }
}
