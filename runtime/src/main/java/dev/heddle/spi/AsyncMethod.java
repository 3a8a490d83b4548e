package dev.heddle.spi;

import org.jspecify.annotations.Nullable;

/**
 * Where the body of a woven method stands in its source, for stack traces.
 *
 * @param className the binary name of its class
 * @param name its name
 * @param fileName its source file, or null when the class file does not tell
 * @param lines one character a line: the line of the declaration, then that of each await in order; 0 is unknown
 */
public record AsyncMethod(
        String className, String name, @Nullable String fileName, String lines) {

    String qualifiedName() {
        return className + "." + name;
    }

    /** The await of the given number, or the declaration for a method that is not suspended. */
    StackTraceElement at(int state) {
        int line = state > 0 && state < lines.length() ? lines.charAt(state) : lines.charAt(0);
        return new StackTraceElement(className, name, fileName, line == 0 ? -1 : line);
    }
}
