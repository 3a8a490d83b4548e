// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

import dev.heddle.coroutines.Sneaky;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the uncaught failures of one loop to its exception handler, or to the log if none is set. Used on the loop's thread.
 *
 * @param <L> the type of the loop
 */
public final class ErrorReports<L> {

    /** Selects the context in which a report is handled. */
    @FunctionalInterface
    public interface Surroundings {

        /** Calls {@code handler} in the context of the object that {@code report} is about. If that object has none, the context stays as it is. */
        public void call(Map<String, Object> report, Runnable handler);
    }

    private final L loop;
    private final Creations creations;
    private final Surroundings surroundings;
    private @Nullable BiConsumer<? super L, ? super Map<String, Object>> handler;

    /** Creates the reports of {@code loop}. {@code creations} records where its objects were created. */
    public ErrorReports(L loop, Creations creations, Surroundings surroundings) {
        this.loop = loop;
        this.creations = creations;
        this.surroundings = surroundings;
    }

    /** Returns the logger of the runtime. It is looked up only when there is something to log, because setting up logging takes time. */
    public static Logger logger() {
        return System.getLogger("dev.heddle");
    }

    /** Returns the exception handler, or null if reports are logged. */
    public @Nullable BiConsumer<? super L, ? super Map<String, Object>> handler() {
        return handler;
    }

    /** Sets the exception handler. With null, reports are logged. */
    public void setHandler(@Nullable BiConsumer<? super L, ? super Map<String, Object>> handler) {
        this.handler = handler;
    }

    /** Reports that {@code callback} has thrown {@code failure}. If the failure leaves the loop, throws it again instead. */
    public void inCallback(Object callback, Object handle, Throwable failure) {
        if (Throwables.leavesLoop(failure)) {
            throw Sneaky.thrown(failure);
        }
        report("Exception in callback " + Text.of(callback), failure, "handle", handle);
    }

    /** Reports {@code failure}, which may be null. The report has {@code subject}, the object concerned, under {@code key}. */
    public void report(String message, @Nullable Throwable failure, String key, Object subject) {
        call(contextOf(message, failure, key, subject, creations.of(subject)));
    }

    /** Reports an unretrieved failure of {@code future}. {@code created} is the stack that created the future, or null if it is not known. */
    public void reportUnretrieved(
            String message, Throwable failure, Object future, @Nullable List<StackTraceElement> created) {
        call(contextOf(message, failure, "future", future, created));
    }

    /** Reports {@code task}, which has not ended and is suspended at {@code stack}. */
    public void reportPending(String message, Object task, List<StackTraceElement> stack) {
        Map<String, Object> context = contextOf(message, null, "task", task, creations.of(task));
        if (!stack.isEmpty()) {
            context.put("stack", stack);
        }
        call(context);
    }

    /** Reports a coroutine that was never awaited. */
    public void reportUnawaited(String message, List<StackTraceElement> created) {
        call(contextOf(message, null, "coroutine", null, created));
    }

    private Map<String, Object> contextOf(
            String message,
            @Nullable Throwable failure,
            String key,
            @Nullable Object subject,
            @Nullable List<StackTraceElement> created) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("message", message);
        if (failure != null) {
            context.put("exception", failure);
        }
        if (subject != null) {
            context.put(key, subject);
        }
        context.put("loop", loop);
        if (created != null) {
            context.put("source_traceback", created);
        }
        return context;
    }

    /** Calls the exception handler with {@code context}. If the handler throws, its failure is logged together with the context. */
    public void call(Map<String, Object> context) {
        BiConsumer<? super L, ? super Map<String, Object>> current = handler;
        if (current == null) {
            log(context);
            return;
        }
        try {
            surroundings.call(context, () -> current.accept(loop, context));
        } catch (Throwable failure) {
            if (Throwables.leavesLoop(failure)) {
                throw failure;
            }
            Map<String, Object> nested = new LinkedHashMap<>();
            nested.put("message", "Unhandled error in exception handler");
            nested.put("exception", failure);
            nested.put("context", context);
            log(nested);
        }
    }

    private static void log(Map<String, Object> context) {
        StringBuilder text = new StringBuilder();
        text.append(Text.of(context.getOrDefault("message", "Unhandled exception in event loop")));
        context.forEach((key, value) -> {
            if (!key.equals("message") && !key.equals("exception")) {
                text.append(System.lineSeparator()).append(key).append(": ");
                appendValue(text, value);
            }
        });
        if (context.get("exception") instanceof Throwable failure) {
            logger().log(Level.ERROR, text.toString(), failure);
        } else {
            logger().log(Level.ERROR, text.toString());
        }
    }

    /** Appends {@code value}. A stack trace or another list takes a line for each element. */
    private static void appendValue(StringBuilder text, Object value) {
        if (value instanceof List<?> lines) {
            for (Object line : lines) {
                text.append(System.lineSeparator())
                        .append(line instanceof StackTraceElement ? "\tat " : "\t")
                        .append(Text.of(line));
            }
        } else {
            text.append(Text.of(value));
        }
    }
}
