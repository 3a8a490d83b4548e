// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import java.lang.System.Logger.Level;
import java.util.List;

/** Reports the coroutines of a loop that were never awaited. Used on the loop's thread. */
public final class LostCoroutines {

    private final UnawaitedCoroutines unawaited;
    private final ErrorReports<?> errors;

    /** Creates an object that reports {@code unawaited} to {@code errors}. */
    public LostCoroutines(UnawaitedCoroutines unawaited, ErrorReports<?> errors) {
        this.unawaited = unawaited;
        this.errors = errors;
    }

    /** Reports the coroutines that were garbage-collected without having been awaited. Does nothing if coroutines are not watched. */
    public void reportCollected() {
        if (unawaited.isWatching()) {
            unawaited.takeCollected(this::report);
            UnawaitedCoroutines.OUTSIDE.takeCollected(LostCoroutines::log);
        }
    }

    /** Reports all coroutines that were never awaited, before the loop is closed. Does nothing if coroutines are not watched. */
    public void reportAll() {
        if (unawaited.isWatching()) {
            unawaited.takeAll(this::report);
            UnawaitedCoroutines.OUTSIDE.takeCollected(LostCoroutines::log);
        }
    }

    private void report(String name, List<StackTraceElement> created) {
        errors.reportUnawaited(message(name, created), created);
    }

    /** Logs a coroutine that was created while no loop ran, so that there is no exception handler. */
    private static void log(String name, List<StackTraceElement> created) {
        ErrorReports.logger().log(Level.ERROR, message(name, created));
    }

    private static String message(String name, List<StackTraceElement> created) {
        return "coroutine '" + name + "' was never awaited"
                + (created.isEmpty() ? "" : ", created at " + created.get(0));
    }
}
