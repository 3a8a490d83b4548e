package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * Where the body of a woven method stands in its source, for stack traces.
 *
 * @param className the binary name of its class
 * @param name its name
 * @param fileName its source file, or null when the class file does not tell
 * @param lines one character a line: the first line of the code, then that of each await in order; 0 is unknown
 */
public record AsyncMethod(
        String className, String name, @Nullable String fileName, String lines) {

    /** The bits of {@link Frame#state} that hold the number of the await. */
    private static final int AWAIT = 0xFFF;

    String qualifiedName() {
        return className + "." + name;
    }

    boolean contains(StackTraceElement element) {
        return name.equals(element.getMethodName()) && className.equals(element.getClassName());
    }

    /** A place in the method that is not known. */
    StackTraceElement somewhere() {
        return new StackTraceElement(className, name, fileName, -1);
    }

    /** The await of the given state, or the first line for a method that is not suspended. */
    StackTraceElement at(int state) {
        int await = state > 0 ? state & AWAIT : 0;
        int line = lines.charAt(await < lines.length() ? await : 0);
        return new StackTraceElement(className, name, fileName, line == 0 ? -1 : line);
    }
}
