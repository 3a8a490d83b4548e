package dev.heddle;

import dev.heddle.woven.Entries;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Finds out, where that is cheap, that a method runs as it was compiled, and says what to do. */
final class NotWoven {

    /**
     * How many results of methods that are not woven are looked at yet. It goes down once there are woven classes, as looking takes
     * a microsecond. Counted by all threads, and not exactly.
     */
    private static int looks = 64;

    private NotWoven() {}

    /** The answer to a call of {@code await}. Woven classes do not call it: their calls are replaced. */
    static IllegalStateException await() {
        return notWoven("await", caller());
    }

    /**
     * Throws if an {@link Async} method calls {@link Coroutine#of}, which is done in its place when it is woven: it has run at once, and not when it
     * is awaited. Does nothing when it was called often.
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
            return false; // a constructor, or one with types that are not there
        }
    }

    /** The method that called the class of the library that calls this one. */
    private static @Nullable StackFrame caller() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> {
                    Iterator<StackFrame> outside = frames.dropWhile(
                                    frame -> frame.getDeclaringClass() == NotWoven.class)
                            .iterator();
                    Class<?> called = outside.next().getDeclaringClass();
                    while (outside.hasNext()) {
                        StackFrame frame = outside.next();
                        if (frame.getDeclaringClass() != called) {
                            return frame;
                        }
                    }
                    return null;
                });
    }

    private static IllegalStateException notWoven(String what, @Nullable StackFrame caller) {
        return new IllegalStateException((caller == null ? "unknown caller" : describe(caller)) + ": " + what
                + " in a class that was not woven; start the JVM with -javaagent:heddle-agent.jar, which says on"
                + " standard error what it cannot weave");
    }

    private static String describe(StackFrame frame) {
        StackTraceElement element = frame.toStackTraceElement();
        String place =
                element.getFileName() == null ? "" : " (" + element.getFileName() + ":" + element.getLineNumber() + ")";
        return element.getClassName() + "." + element.getMethodName() + place;
    }
}
