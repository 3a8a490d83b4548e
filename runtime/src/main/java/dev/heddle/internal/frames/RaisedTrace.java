// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.frames;

import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Entries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stack trace of a failure: the program's methods that raised it, then the methods of the loop that drove them.
 *
 * <p>The trace is complete when it contains the awaiting methods. Until then the first of the loop's methods is a method of {@link Chain}, which is removed
 * when they are added. Between two methods of the program, at most two of the runtime remain: the method that ran the task, and the one that the program
 * called.
 */
final class RaisedTrace {

    /** The greatest length of a trace, which is also the JVM's own limit (option {@code MaxJavaStackTraceDepth}). */
    static final int LONGEST = 1024;

    /** Separates the methods that raised a failure outside the loop from the methods that await it. */
    private static final StackTraceElement AWAIT =
            new StackTraceElement("dev.heddle.Asyncio", "await", "Asyncio.java", -1);

    /** The method of {@link Chain} that starts a coroutine. If it drives a method, all awaiting methods are on the stack. */
    private static final String START = "start";

    /** Whether a class of failures prevents the JVM from making traces. */
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

    /** Whether the trace has reached its greatest length, so that no method can be added. All elements are in {@link #raising} then. */
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

    /** The trace of {@code failure}, or null if the trace is not writable, was emptied on purpose, or is missing, as in a mock. */
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

    /** Whether the JVM made no trace, so that it contains only methods that were added here. */
    boolean isQuiet() {
        return isQuiet(failure);
    }

    /**
     * The part of {@code awaiting} that is missing in this trace.
     *
     * @param awaiting the methods that await {@code resumed}, which threw the failure
     */
    List<StackTraceElement> missingOf(List<StackTraceElement> awaiting, @Nullable AsyncMethod resumed) {
        if (raising.isEmpty() || driving.get(0).getMethodName().equals(START)) {
            return List.of();
        }
        StackTraceElement outermost = raising.get(raising.size() - 1);
        if (resumed != null && !isOf(resumed, outermost)) {
            for (int i = 0; i < awaiting.size(); i++) {
                if (isOfSameMethod(awaiting.get(i), outermost)) {
                    // that method raised the failure while it was resumed, and another one threw it later
                    return awaiting.subList(i + 1, awaiting.size());
                }
            }
        }
        return awaiting;
    }

    /** Whether {@code element} is a line of {@code method}. */
    static boolean isOf(AsyncMethod method, StackTraceElement element) {
        return method.name().equals(element.getMethodName())
                && method.className().equals(element.getClassName());
    }

    /** An unknown line of {@code method}. */
    private static StackTraceElement somewhereIn(AsyncMethod method) {
        return new StackTraceElement(method.className(), method.name(), method.fileName(), -1);
    }

    private static boolean isOfSameMethod(StackTraceElement one, StackTraceElement other) {
        return one.getMethodName().equals(other.getMethodName())
                && one.getClassName().equals(other.getClassName());
    }

    /**
     * Adds {@code awaiting}, which completes the trace, unless {@code driver} is a method of {@link Chain}: then the trace is as incomplete as that of the
     * methods that it drives. The runtime's methods between two of the program are removed, because plain calls would not have them.
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
        failure.setStackTrace(trace.subList(0, Math.min(trace.size(), LONGEST)).toArray(new StackTraceElement[0]));
    }

    /** Adds methods of the program to {@code trace}, and methods of the runtime if they are at the top, because those raised the failure themselves. */
    private static void addMethods(List<StackTraceElement> elements, List<StackTraceElement> trace) {
        for (StackTraceElement element : elements) {
            StackTraceElement last = trace.isEmpty() ? null : trace.get(trace.size() - 1);
            boolean isAtTop = last == null || (StackFilter.isOfRuntime(last) && !last.equals(AWAIT));
            if (isAtTop || !StackFilter.isOfRuntime(element) || element.equals(AWAIT)) {
                trace.add(element);
            }
        }
    }

    /** Adds the methods of the loop that run a task, and the methods of the runtime that the program has called. The others are left out. */
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

    /** Replaces the runtime's methods at the top by {@code method}, which the program has called. */
    void raisedBy(AsyncMethod method) {
        int end = 0;
        while (end < raising.size() && StackFilter.isOfRuntime(raising.get(end))) {
            end++;
        }
        boolean hasName = end == 1 && raising.get(0).getLineNumber() < 0;
        if (end > 0 && !hasName && !isCutOff) {
            List<StackTraceElement> trace = new ArrayList<>();
            trace.add(somewhereIn(method));
            trace.addAll(raising.subList(end, raising.size()));
            trace.addAll(driving);
            set(trace);
        }
    }

    // Failures that were raised before they are awaited

    /** Removes the methods that have awaited this before, and marks the place for the next ones. */
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

    /** Removes the mark of {@link #cutAtAwait}, because the awaiting methods are in the trace. */
    void forgetAwait() {
        if (raising.contains(AWAIT)) {
            List<StackTraceElement> trace = new ArrayList<>(raising);
            trace.remove(AWAIT);
            trace.addAll(driving);
            set(trace);
        }
    }

    /**
     * Whether the trace ends with the methods of {@code stack}, followed by {@code awaiting}, which await them. The innermost of these methods may be at another
     * line, because it has continued since.
     *
     * @param byAnother whether another step drove the methods that raised this. In that case, only the methods below that step can be the same
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

    /** Whether {@code all} ends with {@code part}. The line of the first element of {@code part} does not count. */
    private static boolean endsWith(List<StackTraceElement> all, List<StackTraceElement> part) {
        int rest = all.size() - part.size();
        return rest >= 0
                && isOfSameMethod(all.get(rest), part.get(0))
                && all.subList(rest + 1, all.size()).equals(part.subList(1, part.size()));
    }

    /** Adds {@code awaiting}, the methods that await {@code stack}. An eager task has raised the failure on that stack without knowing them. */
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

    /** Replaces the trace by {@code resumed}, which raised the failure, and {@code awaiting}, unless it ends with these methods already. */
    void replaceUnlessAwaitedBy(List<StackTraceElement> awaiting, AsyncMethod resumed) {
        List<StackTraceElement> trace = new ArrayList<>();
        trace.add(somewhereIn(resumed));
        trace.addAll(awaiting);
        trace.removeIf(StackFilter::isOfRuntime);
        List<StackTraceElement> own = new ArrayList<>(raising);
        own.removeIf(StackFilter::isOfRuntime);
        if (!trace.isEmpty() && !endsWith(own, trace)) {
            set(trace);
        }
    }
}
