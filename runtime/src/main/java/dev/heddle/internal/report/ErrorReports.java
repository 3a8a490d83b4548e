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
 * Passes the failures of one loop that nobody catches to its exception handler, or to the log. Used on the loop's thread.
 *
 * @param <L> the type of the loop
 */
public final class ErrorReports<L> {

    /** Runs a report in the context of the object that it is about. */
    @FunctionalInterface
    public interface Surroundings {

        /** Calls {@code handler} in the context of the object of {@code report}; as it is if that has none. */
        public void call(Map<String, Object> report, Runnable handler);
    }

    private final L loop;
    private final Creations creations;
    private final Surroundings surroundings;
    private @Nullable BiConsumer<? super L, ? super Map<String, Object>> handler;

    /** The reports of {@code loop}, whose objects were made where {@code creations} says. */
    public ErrorReports(L loop, Creations creations, Surroundings surroundings) {
        this.loop = loop;
        this.creations = creations;
        this.surroundings = surroundings;
    }

    /** The logger of the runtime, looked up when there is something to log: setting logging up takes time. */
    public static Logger logger() {
        return System.getLogger("dev.heddle");
    }

    /** Returns the handler that was set; null for the log. */
    public @Nullable BiConsumer<? super L, ? super Map<String, Object>> handler() {
        return handler;
    }

    /** Sets where reports go, null for the log. */
    public void setHandler(@Nullable BiConsumer<? super L, ? super Map<String, Object>> handler) {
        this.handler = handler;
    }

    /** Reports what {@code callback} threw, or throws it again if it leaves the loop. */
    public void inCallback(Object callback, Object handle, Throwable failure) {
        if (Throwables.leavesLoop(failure)) {
            throw Sneaky.thrown(failure);
        }
        report("Exception in callback " + Text.of(callback), failure, "handle", handle);
    }

    /** Reports {@code failure}, null for none; {@code subject}, under {@code key}, is what it happened to. */
    public void report(String message, @Nullable Throwable failure, String key, Object subject) {
        call(contextOf(message, failure, key, subject, creations.of(subject)));
    }

    /** Reports a failure of {@code future}, which was made at {@code created} if that is known. */
    public void reportUnretrieved(
            String message, Throwable failure, Object future, @Nullable List<StackTraceElement> created) {
        call(contextOf(message, failure, "future", future, created));
    }

    /** Reports {@code task}, which does not end, and stands at {@code stack}. */
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

    /** Calls the handler, and when it throws, the default one with what it threw. */
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

    /** A stack trace, and what else is a list, takes several lines. */
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
