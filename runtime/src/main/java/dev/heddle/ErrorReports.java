package dev.heddle;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where the failures of a loop go that nobody is there to catch. Used on the loop's thread. */
final class ErrorReports {

    private final EventLoop loop;
    private @Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler;

    ErrorReports(EventLoop loop) {
        this.loop = loop;
    }

    /** The logger of the runtime, looked up when there is something to log: setting logging up takes time. */
    static Logger logger() {
        return System.getLogger("dev.heddle");
    }

    @Nullable
    BiConsumer<? super EventLoop, ? super Map<String, Object>> handler() {
        return handler;
    }

    void setHandler(@Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler) {
        this.handler = handler;
    }

    /** Reports what {@code callback} threw, or throws it again if it leaves the loop. */
    void inCallback(Object callback, Object handle, Throwable failure) {
        if (Throwables.leavesLoop(failure)) {
            throw Throwables.<RuntimeException>sneaky(failure);
        }
        report("Exception in callback " + Text.of(callback), failure, "handle", handle);
    }

    /** Reports {@code failure}, null for none; {@code subject}, under {@code key}, is what it happened to. */
    void report(String message, @Nullable Throwable failure, String key, Object subject) {
        call(contextOf(message, failure, key, subject, loop.creations.of(subject)));
    }

    /** Reports a failure of {@code future}, which was made at {@code created} if that is known. */
    void reportUnretrieved(
            String message, Throwable failure, Future<?> future, @Nullable List<StackTraceElement> created) {
        call(contextOf(message, failure, "future", future, created));
    }

    /** Reports {@code task}, which does not end, and where it stands. */
    void reportPending(String message, Task<?> task) {
        Map<String, Object> context = contextOf(message, null, "task", task, loop.creations.of(task));
        List<StackTraceElement> stack = task.stack();
        if (!stack.isEmpty()) {
            context.put("stack", stack);
        }
        call(context);
    }

    /** Reports a coroutine that was never awaited. */
    void reportUnawaited(String message, List<StackTraceElement> created) {
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
    void call(Map<String, Object> context) {
        BiConsumer<? super EventLoop, ? super Map<String, Object>> current = handler;
        if (current == null) {
            log(context);
            return;
        }
        try {
            accept(current, context);
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

    /** In the context of what the failure happened to. */
    private void accept(
            BiConsumer<? super EventLoop, ? super Map<String, Object>> current, Map<String, Object> report) {
        Context own = contextIn(report);
        if (own == null) {
            current.accept(loop, report);
        } else {
            own.call(() -> {
                current.accept(loop, report);
                return true;
            });
        }
    }

    private static @Nullable Context contextIn(Map<String, Object> report) {
        Object future = report.getOrDefault("task", report.get("future"));
        if (future instanceof Task<?> task) {
            return task.context();
        }
        Object handle = report.get("handle");
        if (handle instanceof Handle soon) {
            return soon.context();
        }
        return handle instanceof TimerHandle timer ? timer.context() : null;
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
