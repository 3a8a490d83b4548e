package dev.heddle.woven;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stack trace of a failure: the methods of the program that raised it, then those of the loop that drove them. It is complete
 * when the methods that await are in it; until then the first of the loop's methods is one of {@link Chain}'s, which is taken out
 * when they come in. Of the runtime's methods between two of the program, two remain at most: the one that ran the task, and the one that
 * the program called.
 */
final class RaisedTrace {

    /** Where traces are cut off: the JVM does so with its own, too (its option MaxJavaStackTraceDepth). */
    static final int LONGEST = 1024;

    /** Stands between the methods that raised a failure outside the loop and those that await it. */
    private static final StackTraceElement AWAIT =
            new StackTraceElement("dev.heddle.Asyncio", "await", "Asyncio.java", -1);

    /** The method of {@link Chain} below which all methods that await are on the stack. */
    private static final String START = "start";

    /** Whether a class of failures does not let the JVM make traces. */
    private static final ClassValue<Boolean> QUIET = new ClassValue<>() {

        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return type.getMethod("fillInStackTrace").getDeclaringClass() != Throwable.class;
            } catch (NoSuchMethodException | LinkageError unknown) {
                return false;
            }
        }
    };

    private final Throwable failure;

    /** Whether nothing can be added, and all is seen as {@link #raising}. */
    private final boolean isCutOff;

    private final List<StackTraceElement> raising;
    private final List<StackTraceElement> driving;

    private RaisedTrace(Throwable failure, StackTraceElement[] elements) {
        this.isCutOff = elements.length >= LONGEST;
        List<StackTraceElement> trace = new ArrayList<>(elements.length);
        for (StackTraceElement element : elements) {
            if (!Entries.isEntry(element)) {
                trace.add(element);
            }
        }
        int end = isCutOff ? trace.size() : 0;
        while (end < trace.size() && !StackFilter.drives(trace.get(end))) {
            end++;
        }
        this.failure = failure;
        this.raising = trace.subList(0, end);
        this.driving = trace.subList(end, trace.size());
    }

    /** The trace of {@code failure}; null if it is not writable, or emptied on purpose, or if the failure is a mock, which gives none. */
    static @Nullable RaisedTrace of(Throwable failure) {
        StackTraceElement @Nullable [] trace = failure.getStackTrace();
        return trace == null || (trace.length == 0 && !isQuiet(failure)) ? null : new RaisedTrace(failure, trace);
    }

    private static boolean isQuiet(Throwable failure) {
        return QUIET.get(failure.getClass());
    }

    boolean isComplete() {
        return driving.isEmpty() || !StackFilter.isOfChain(driving.get(0));
    }

    /** Whether the JVM made no trace, so that there are only the methods that were put in here. */
    boolean isQuiet() {
        return isQuiet(failure);
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
        if (driver != null && StackFilter.isOfChain(driver)) {
            extended.add(driver);
        }
        addDriving(extended);
        set(extended);
    }

    private void set(List<StackTraceElement> trace) {
        failure.setStackTrace(trace.stream().limit(LONGEST).toArray(StackTraceElement[]::new));
    }

    /** Adds methods of the program, and those of the runtime at the top, which have raised the failure themselves. */
    private static void addMethods(List<StackTraceElement> elements, List<StackTraceElement> trace) {
        for (StackTraceElement element : elements) {
            StackTraceElement last = trace.isEmpty() ? null : trace.get(trace.size() - 1);
            boolean isAtTop = last == null || (StackFilter.isOfRuntime(last) && !last.equals(AWAIT));
            if (isAtTop || !StackFilter.isOfRuntime(element) || element.equals(AWAIT)) {
                trace.add(element);
            }
        }
    }

    /** Adds the methods of the loop, of which those remain that run a task and that the program has called. */
    private void addDriving(List<StackTraceElement> trace) {
        StackTraceElement driver = null;
        StackTraceElement called = null;
        for (StackTraceElement element : driving) {
            if (!StackFilter.isOfRuntime(element)) {
                addDriver(driver, called, trace);
                trace.add(element);
                driver = null;
            } else if (StackFilter.drives(element)) {
                driver = StackFilter.isOfChain(element) ? driver : element;
            }
            called = element;
        }
        addDriver(driver, called, trace);
    }

    private static void addDriver(
            @Nullable StackTraceElement driver, @Nullable StackTraceElement called, List<StackTraceElement> trace) {
        if (driver != null) {
            trace.add(driver);
            if (called != null && called != driver) {
                trace.add(called);
            }
        }
    }

    /** Replaces the methods of the runtime at the top by {@code method}, which the program has called. */
    void raisedBy(AsyncMethod method) {
        int end = 0;
        while (end < raising.size() && StackFilter.isOfRuntime(raising.get(end))) {
            end++;
        }
        boolean hasName = end == 1 && raising.get(0).getLineNumber() < 0;
        if (end > 0 && !hasName && !isCutOff) {
            List<StackTraceElement> trace = new ArrayList<>();
            trace.add(method.somewhere());
            trace.addAll(raising.subList(end, raising.size()));
            trace.addAll(driving);
            set(trace);
        }
    }

    // Failures that were raised before they are awaited

    /** Drops those who have awaited this before, and notes where the next come in. */
    void cutAtAwait() {
        int await = raising.indexOf(AWAIT);
        List<StackTraceElement> trace = new ArrayList<>();
        if (await >= 0) {
            trace.addAll(raising.subList(0, await + 1));
        } else if (!isCutOff) {
            if (!isQuiet() || !isComplete()) {
                trace.addAll(raising);
            }
            trace.add(AWAIT);
            trace.addAll(driving);
        }
        if (!trace.isEmpty()) {
            set(trace);
        }
    }

    /** Takes the note of {@link #cutAtAwait} out, as the trace has those who await. */
    void forgetAwait() {
        if (raising.contains(AWAIT)) {
            List<StackTraceElement> trace = new ArrayList<>(raising);
            trace.remove(AWAIT);
            trace.addAll(driving);
            set(trace);
        }
    }

    /**
     * Whether the methods of {@code stack}, which {@code awaiting} awaits, are in this already: at the end, the innermost of them perhaps at another
     * line, as it has gone on.
     *
     * @param byAnother whether the methods that raised this have been driven by another step; then only those below that can be the same
     */
    boolean wasRaisedOn(RaisingStack stack, List<StackTraceElement> awaiting, boolean byAnother) {
        List<StackTraceElement> own = new ArrayList<>(byAnother ? List.of() : raising);
        own.addAll(driving);
        own.removeIf(StackFilter::isOfRuntime);
        List<StackTraceElement> whole = new ArrayList<>(stack.methods());
        if (isComplete()) {
            whole.addAll(awaiting);
            whole.removeIf(StackFilter::isOfRuntime);
        }
        whole.addAll(stack.below());
        return !stack.methods().isEmpty() && endsWith(own, whole);
    }

    /** Whether {@code all} ends with {@code part}, the first of which may be at another line. */
    private static boolean endsWith(List<StackTraceElement> all, List<StackTraceElement> part) {
        int rest = all.size() - part.size();
        return rest >= 0
                && isOfSameMethod(all.get(rest), part.get(0))
                && all.subList(rest + 1, all.size()).equals(part.subList(1, part.size()));
    }

    /** Adds those who await {@code stack}, on which an eager task has raised this: it does not know them. */
    void extendBelow(RaisingStack stack, List<StackTraceElement> awaiting) {
        List<StackTraceElement> trace = new ArrayList<>(raising);
        long left = driving.stream()
                        .filter(element -> !StackFilter.isOfRuntime(element))
                        .count()
                - stack.below().size();
        for (StackTraceElement element : driving) {
            trace.add(element);
            if (!StackFilter.isOfRuntime(element) && --left == 0) {
                awaiting.stream()
                        .filter(method -> !StackFilter.isOfRuntime(method))
                        .forEach(trace::add);
            }
        }
        set(trace);
    }

    // Failures without a trace of their own

    /** Makes this the trace of a failure that {@code resumed} has raised, unless it ends with those who await that. */
    void replaceUnlessAwaitedBy(List<StackTraceElement> awaiting, AsyncMethod resumed) {
        List<StackTraceElement> trace = new ArrayList<>();
        trace.add(resumed.somewhere());
        trace.addAll(awaiting);
        trace.removeIf(StackFilter::isOfRuntime);
        List<StackTraceElement> own = new ArrayList<>(raising);
        own.removeIf(StackFilter::isOfRuntime);
        if (!trace.isEmpty() && !endsWith(own, trace)) {
            set(trace);
        }
    }
}
