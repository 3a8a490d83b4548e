package dev.heddle.woven;

import java.util.List;
import java.util.Set;

/** Tells the frames of the runtime on a stack from those of the program. The only place that knows the runtime's classes by name. */
public final class StackFilter {

    /** The packages of the runtime. Programs may live in other packages below the first. */
    static final Set<String> PACKAGES = Set.of(
            "dev.heddle",
            "dev.heddle.coroutines",
            "dev.heddle.internal.combine",
            "dev.heddle.internal.loop",
            "dev.heddle.monitor",
            "dev.heddle.race",
            "dev.heddle.sync",
            "dev.heddle.testing",
            "dev.heddle.workers",
            "dev.heddle.woven");

    /** The methods that run the coroutine of a task, or a callback. An error that they raise themselves is raised where the task stands. */
    static final Set<String> DRIVERS = Set.of(
            "dev.heddle.Task.advanceCancelled",
            "dev.heddle.Task.advance",
            "dev.heddle.Task.step",
            "dev.heddle.Handle.step",
            "dev.heddle.TimerHandle.step");

    private static final String CHAIN = "dev.heddle.woven.Chain";

    private static final String KERNEL = "dev.heddle.internal.loop.";

    private StackFilter() {}

    /** Whether {@code element} is a method of the runtime, or an entry of a woven class. */
    public static boolean isOfRuntime(StackTraceElement element) {
        return isOfRuntime(element.getClassName()) || Entries.isEntry(element);
    }

    /** Whether the class with the name {@code className} is one of the runtime. */
    public static boolean isOfRuntime(String className) {
        return className.startsWith("dev.heddle.")
                && PACKAGES.contains(className.substring(0, className.lastIndexOf('.')));
    }

    /** Whether {@code element} drives coroutines or callbacks: a method of the {@link Chain}, or one that runs a task or a callback. */
    public static boolean drives(StackTraceElement element) {
        return isOfChain(element) || runsStep(element);
    }

    /** Whether {@code element} is a method that runs the coroutine of a task, or a callback. */
    public static boolean runsStep(StackTraceElement element) {
        return isOfRuntime(element) && DRIVERS.contains(element.getClassName() + "." + element.getMethodName());
    }

    /**
     * The part of {@code stack} that the step of a loop has called, without the runtime's calls of woven methods: the classes that continue those
     * are lambdas, which have a slash in their names.
     */
    public static List<StackTraceElement> ofStep(List<StackTraceElement> stack) {
        return stack.stream()
                .takeWhile(element -> !runsStep(element) && !isOfKernel(element))
                .filter(element -> element.getClassName().indexOf('/') < 0 && !Entries.isEntry(element))
                .filter(element -> !element.getClassName().startsWith("dev.heddle.woven."))
                .toList();
    }

    static boolean isOfChain(StackTraceElement element) {
        return element.getClassName().equals(CHAIN);
    }

    /** Whether {@code element} belongs to the kernel of a loop, which runs the steps. */
    public static boolean isOfKernel(StackTraceElement element) {
        return element.getClassName().startsWith(KERNEL);
    }
}
