// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.frames;

import dev.heddle.woven.Entries;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Set;

/** Distinguishes the runtime's methods on a stack from the program's. No other class knows the runtime's classes by name. */
public final class StackFilter {

    /** The packages of the runtime. Programs may use other packages below the first one. */
    static final Set<String> PACKAGES = Set.of(
            "dev.heddle",
            "dev.heddle.coroutines",
            "dev.heddle.internal.combine",
            "dev.heddle.internal.flow",
            "dev.heddle.internal.frames",
            "dev.heddle.internal.io",
            "dev.heddle.internal.loop",
            "dev.heddle.internal.report",
            "dev.heddle.internal.threads",
            "dev.heddle.lint",
            "dev.heddle.monitor",
            "dev.heddle.net",
            "dev.heddle.process",
            "dev.heddle.race",
            "dev.heddle.sync",
            "dev.heddle.testing",
            "dev.heddle.workers",
            "dev.heddle.woven");

    /** The methods that run the coroutine of a task, or a callback. An error that one of them raises itself is raised at the await of the task. */
    static final Set<String> DRIVERS = Set.of(
            "dev.heddle.Task.advanceCancelled",
            "dev.heddle.Task.advance",
            "dev.heddle.Task.step",
            "dev.heddle.Handle.step",
            "dev.heddle.TimerHandle.step");

    private static final String CHAIN = "dev.heddle.internal.frames.Chain";

    /** The packages whose methods start and resume bodies. */
    private static final Set<String> RESUMING = Set.of("dev.heddle.internal.frames", "dev.heddle.woven");

    private static final String KERNEL = "dev.heddle.internal.loop.";

    /** Whether a class is of the runtime: its name is looked at once. */
    private static final ClassValue<Boolean> OF_RUNTIME = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isOfRuntime(type.getName());
        }
    };

    private StackFilter() {}

    /** Whether {@code element} is a method of the runtime, or an entry of a woven class. */
    public static boolean isOfRuntime(StackTraceElement element) {
        return isOfRuntime(element.getClassName()) || Entries.isEntry(element);
    }

    /** Whether {@code frame} is a method of the program. */
    static boolean isOfProgram(StackFrame frame) {
        return !OF_RUNTIME.get(frame.getDeclaringClass()) && !Entries.isEntry(frame.getMethodName());
    }

    /** Whether {@code className} is the name of a class of the runtime. */
    public static boolean isOfRuntime(String className) {
        return className.startsWith("dev.heddle.") && PACKAGES.contains(packageOf(className));
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    /** Whether {@code element} starts or resumes a body: a method of the calling convention or of the {@link Chain}, or an entry of a woven class. */
    private static boolean resumes(StackTraceElement element) {
        return RESUMING.contains(packageOf(element.getClassName())) || Entries.isEntry(element);
    }

    /** Whether {@code element} drives coroutines or callbacks: a method of the {@link Chain}, or a method that runs a task or a callback. */
    public static boolean drives(StackTraceElement element) {
        return isOfChain(element) || runsStep(element);
    }

    /** Whether {@code element} is a method that runs the coroutine of a task, or a callback. */
    public static boolean runsStep(StackTraceElement element) {
        return isOfRuntime(element) && DRIVERS.contains(element.getClassName() + "." + element.getMethodName());
    }

    /**
     * The part of {@code stack} that the step of a loop has called, without the methods that start and resume bodies. The entries of woven methods are lambdas,
     * whose classes have a slash in their names.
     */
    public static List<StackTraceElement> ofStep(List<StackTraceElement> stack) {
        return stack.stream()
                .takeWhile(element -> !runsStep(element) && !isOfKernel(element))
                .filter(element -> element.getClassName().indexOf('/') < 0 && !resumes(element))
                .toList();
    }

    static boolean isOfChain(StackTraceElement element) {
        return element.getClassName().equals(CHAIN);
    }

    /** Whether {@code element} belongs to the kernel of a loop. */
    public static boolean isOfKernel(StackTraceElement element) {
        return element.getClassName().startsWith(KERNEL);
    }
}
