// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.frames.StackFilter;
import dev.heddle.woven.Entries;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Detects methods that were not woven, where that is cheap, and tells the user how to fix it. */
final class NotWoven {

    /**
     * How many results of methods are still checked. It decreases once there are woven classes, because a check takes a microsecond. All
     * threads change it without synchronization, so it is not exact.
     */
    private static int looks = 64;

    /** The methods of the library through which user code comes to this class. */
    private static final Set<String> ENTRANCES = Set.of("await", "of", "done");

    private NotWoven() {}

    /** Creates the error for a call of {@code await}. Woven classes never call it, because their calls were replaced. */
    static IllegalStateException await() {
        return notWoven("await", caller());
    }

    /**
     * Throws if the caller of {@link Coroutine#of} is an {@link Async} method. Weaving replaces that call, so the method was not woven, and
     * has run immediately instead of when it is awaited. After a number of calls, this method does nothing.
     */
    static void checkResult() {
        if (looks <= 0) {
            return;
        }
        if (Entries.isAnyMade()) {
            looks--;
        }
        StackFrame caller = caller();
        if (caller != null && isAsync(caller)) {
            throw notWoven("an @Async method", caller);
        }
    }

    private static boolean isAsync(StackFrame frame) {
        try {
            return frame.getDeclaringClass()
                    .getDeclaredMethod(
                            frame.getMethodName(), frame.getMethodType().parameterArray())
                    .isAnnotationPresent(Async.class);
        } catch (NoSuchMethodException | LinkageError | TypeNotPresentException unknown) {
            return false; // a constructor, or a method with missing types
        }
    }

    /** Returns the method that called {@code await}, {@code of} or {@code done}, which call this class. */
    private static @Nullable StackFrame caller() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> {
                    Iterator<StackFrame> outside = frames.dropWhile(
                                    frame -> frame.getDeclaringClass() == NotWoven.class)
                            .iterator();
                    Class<?> called = outside.next().getDeclaringClass();
                    while (outside.hasNext()) {
                        StackFrame frame = outside.next();
                        if (frame.getDeclaringClass() != called || !ENTRANCES.contains(frame.getMethodName())) {
                            return frame;
                        }
                    }
                    return null;
                });
    }

    private static IllegalStateException notWoven(String what, @Nullable StackFrame caller) {
        if (caller != null && isOfRuntime(caller.getDeclaringClass())) {
            return new IllegalStateException(describe(caller) + ": " + what
                    + " in a class of Heddle itself that was not woven; build the runtime with Maven, which weaves it in"
                    + " the phase process-classes, or start the JVM with -javaagent:heddle-agent.jar");
        }
        return new IllegalStateException((caller == null ? "unknown caller" : describe(caller)) + ": " + what
                + " in a class that was not woven; start the JVM with -javaagent:heddle-agent.jar, which says on"
                + " standard error what it cannot weave, or let heddle-maven-plugin weave the class in the build");
    }

    private static boolean isOfRuntime(Class<?> type) {
        return StackFilter.isOfRuntime(type.getName())
                && type.getProtectionDomain() == NotWoven.class.getProtectionDomain(); // not a test of the runtime
    }

    private static String describe(StackFrame frame) {
        StackTraceElement element = frame.toStackTraceElement();
        String place =
                element.getFileName() == null ? "" : " (" + element.getFileName() + ":" + element.getLineNumber() + ")";
        return element.getClassName() + "." + element.getMethodName() + place;
    }
}
