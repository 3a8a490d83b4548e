package dev.heddle.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stack trace of a failure: the methods of the program that raised it, then those of the loop that drove them. It is complete
 * when the methods that await are in it; until then the first of the loop's methods is one of {@link Chain}'s, which is taken out
 * when they come in.
 */
final class RaisedTrace {

    /** Where traces are cut off: the JVM does so with its own, too (its option MaxJavaStackTraceDepth). */
    static final int LONGEST = 1024;

    private static final String CHAIN = "dev.heddle.spi.Chain";

    /** The method of {@link Chain} below which all methods that await are on the stack. */
    private static final String START = "start";

    /** Methods that run a task or a callback. What they raise themselves is raised where the task stands. */
    private static final Set<String> DRIVERS = Set.of(
            "dev.heddle.Task.advanceCancelled",
            "dev.heddle.Task.advance",
            "dev.heddle.Task.step",
            "dev.heddle.Handle.run");

    /** The packages whose methods stand for no method of a program. Programs may live in others below the first. */
    private static final Set<String> RUNTIME =
            Set.of("dev.heddle", "dev.heddle.coroutines", "dev.heddle.race", "dev.heddle.spi", "dev.heddle.sync");

    private final Throwable failure;

    /** Whether nothing can be added, and all is seen as {@link #raising}. */
    private final boolean isCutOff;

    private final List<StackTraceElement> raising;
    private final List<StackTraceElement> driving;

    private RaisedTrace(Throwable failure, List<StackTraceElement> trace) {
        this.isCutOff = trace.size() >= LONGEST;
        int end = isCutOff ? trace.size() : 0;
        while (end < trace.size() && !drives(trace.get(end))) {
            end++;
        }
        this.failure = failure;
        this.raising = trace.subList(0, end);
        this.driving = trace.subList(end, trace.size());
    }

    /** The trace of {@code failure}; null if it is not writable, or emptied on purpose, or if the failure is a mock, which gives none. */
    static @Nullable RaisedTrace of(Throwable failure) {
        StackTraceElement @Nullable [] trace = failure.getStackTrace();
        return trace == null || trace.length == 0 ? null : new RaisedTrace(failure, Arrays.asList(trace));
    }

    static boolean isOfRuntime(StackTraceElement element) {
        String className = element.getClassName();
        return RUNTIME.contains(className.substring(0, Math.max(0, className.lastIndexOf('.'))));
    }

    static boolean drives(StackTraceElement element) {
        return isOfRuntime(element)
                && (isOfChain(element) || DRIVERS.contains(element.getClassName() + "." + element.getMethodName()));
    }

    private static boolean isOfChain(StackTraceElement element) {
        return element.getClassName().equals(CHAIN);
    }

    boolean isComplete() {
        return driving.isEmpty() || !isOfChain(driving.get(0));
    }

    /**
     * The part of {@code awaiting} that is not in this trace.
     *
     * @param awaiting the methods that await {@code resumed}, which has thrown the failure
     */
    List<StackTraceElement> missingOf(List<StackTraceElement> awaiting, @Nullable AsyncMethod resumed) {
        if (raising.isEmpty() || driving.get(0).getMethodName().equals(START)) {
            return List.of();
        }
        StackTraceElement outermost = raising.get(raising.size() - 1);
        if (resumed != null && !resumed.contains(outermost)) {
            for (int i = 0; i < awaiting.size(); i++) {
                if (isOfSameMethod(awaiting.get(i), outermost)) {
                    // raised while that one was resumed, thrown by another
                    return awaiting.subList(i + 1, awaiting.size());
                }
            }
        }
        return awaiting;
    }

    private static boolean isOfSameMethod(StackTraceElement one, StackTraceElement other) {
        return one.getMethodName().equals(other.getMethodName())
                && one.getClassName().equals(other.getClassName());
    }

    /**
     * Adds {@code awaiting}, so that the trace is complete, or, if {@code driver} is one of {@link Chain}'s, as complete as what it
     * drives. The runtime's methods between those of the program go: plain calls would not have them.
     */
    void extend(List<StackTraceElement> awaiting, @Nullable StackTraceElement driver) {
        if (isCutOff) {
            return;
        }
        List<StackTraceElement> extended = new ArrayList<>(raising.size() + awaiting.size() + driving.size() + 1);
        addMethods(raising, extended);
        addMethods(awaiting, extended);
        if (driver != null && isOfChain(driver)) {
            extended.add(driver);
        }
        driving.stream().filter(element -> !isOfChain(element)).forEach(extended::add);
        failure.setStackTrace(extended.stream().limit(LONGEST).toArray(StackTraceElement[]::new));
    }

    /** Adds methods of the program, and those of the runtime at the top, which have raised the failure themselves. */
    private static void addMethods(List<StackTraceElement> elements, List<StackTraceElement> trace) {
        for (StackTraceElement element : elements) {
            boolean isAtTop = trace.isEmpty() || isOfRuntime(trace.get(trace.size() - 1));
            if (isAtTop || !isOfRuntime(element)) {
                trace.add(element);
            }
        }
    }
}
