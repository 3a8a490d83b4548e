// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * The source position of a woven method's body, for stack traces.
 *
 * @param className the binary name of its class
 * @param name its name
 * @param fileName its source file, or null if the class file does not name it
 * @param lines line numbers, one in each character: the first line of the code, then the line of each await in order; 0 is an unknown line
 */
public record AsyncMethod(
        String className, String name, @Nullable String fileName, String lines) {

    /** The bits of {@link Frame#state} that hold the number of the await. */
    private static final int AWAIT = 0xFFF;

    /** Returns the name of the method, preceded by that of its class. */
    public String qualifiedName() {
        return className + "." + name;
    }

    /** Returns the line of the await with the given state, or the first line if the method is not suspended. */
    StackTraceElement at(int state) {
        int await = state > 0 ? state & AWAIT : 0;
        int line = lines.charAt(await < lines.length() ? await : 0);
        return new StackTraceElement(className, name, fileName, line == 0 ? -1 : line);
    }
}
