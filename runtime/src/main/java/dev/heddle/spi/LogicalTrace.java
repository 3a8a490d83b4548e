package dev.heddle.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stack traces as if awaits were plain calls: the methods that await, which are suspended and so not on the stack, are put
 * into the trace of a failure below the methods that raised it, above the loop that drives them.
 */
public final class LogicalTrace {

    private static final Set<String> DRIVERS =
            Set.of("dev.heddle.spi.Chain", "dev.heddle.Task", "dev.heddle.Handle", "dev.heddle.EventLoop");

    /** The packages whose methods stand for no method of a program. */
    private static final Set<String> RUNTIME = Set.of("dev.heddle", "dev.heddle.coroutines", "dev.heddle.spi");

    /** Where traces are cut off: the JVM does so with its own, too (its option MaxJavaStackTraceDepth). */
    private static final int LONGEST = 1024;

    private LogicalTrace() {}

    /** Where a suspended coroutine stands: {@code frame}, its innermost, then every method that awaits. */
    public static List<StackTraceElement> of(@Nullable Frame<?> frame) {
        return of(frame, Integer.MAX_VALUE);
    }

    private static List<StackTraceElement> of(@Nullable Frame<?> frame, int limit) {
        List<StackTraceElement> elements = new ArrayList<>();
        for (Frame<?> f = frame; f != null && elements.size() < limit; f = f.caller) {
            elements.add(f.location());
        }
        return elements;
    }

    /** Puts {@code frame} and its callers into the trace of {@code failure}. */
    static void extend(Throwable failure, Frame<?> frame) {
        insert(failure, of(frame, LONGEST));
    }

    /**
     * Puts the methods on the stack of this thread, down to the loop, into the trace of {@code failure}: for one that was
     * raised elsewhere and is thrown again by an await that did not have to suspend.
     */
    public static void extendByStack(Throwable failure) {
        List<StackTraceElement> awaiting = StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .dropWhile(LogicalTrace::isOfRuntime)
                        .takeWhile(element -> !DRIVERS.contains(element.getClassName()))
                        .filter(element -> !isOfRuntime(element))
                        .toList());
        insert(failure, awaiting);
    }

    /** The methods of the program on the stack of this thread, the innermost first, at most {@code limit}. */
    public static List<StackTraceElement> ofProgram(int limit) {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .filter(element -> !isOfRuntime(element))
                        .limit(limit)
                        .toList());
    }

    /** As {@link #ofProgram}, from the caller of {@code method} on. */
    static List<StackTraceElement> ofCallers(AsyncMethod method, int limit) {
        return ofProgram(limit + 1).stream()
                .dropWhile(element -> element.getClassName().equals(method.className())
                        && element.getMethodName().equals(method.name()))
                .limit(limit)
                .toList();
    }

    /** Programs may live in packages of their own below {@code dev.heddle}. */
    private static boolean isOfRuntime(StackTraceElement element) {
        String className = element.getClassName();
        String packageName = className.substring(0, Math.max(0, className.lastIndexOf('.')));
        return RUNTIME.contains(packageName);
    }

    private static void insert(Throwable failure, List<StackTraceElement> awaiting) {
        StackTraceElement[] trace = failure.getStackTrace();
        if (trace.length == 0 || trace.length >= LONGEST) {
            return; // not writable, or emptied on purpose, or long enough
        }
        int position = 0;
        while (position < trace.length && !DRIVERS.contains(trace[position].getClassName())) {
            position++;
        }
        List<StackTraceElement> raising = Arrays.asList(trace).subList(0, position);
        int common = raising.size() - awaiting.size();
        if (common >= 0 && raising.subList(common, raising.size()).equals(awaiting)) {
            return; // it has come this way before, was caught, and is thrown again after an await
        }
        List<StackTraceElement> extended = new ArrayList<>(trace.length + awaiting.size());
        extended.addAll(raising);
        extended.addAll(awaiting);
        extended.addAll(Arrays.asList(trace).subList(position, trace.length));
        failure.setStackTrace(extended.stream().limit(LONGEST).toArray(StackTraceElement[]::new));
    }
}
