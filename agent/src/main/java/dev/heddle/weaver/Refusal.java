// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a method, or one await in it, is not woven. The method throws {@link #message} where it would have
 * awaited.
 *
 * @param className the binary name of the class
 * @param method the name of the method
 * @param sourceFile the source file, or null if the class file does not name it
 * @param line the line, or 0 if the class file does not state it
 * @param rule the rule that is broken
 * @param remedy the code to write instead
 */
public record Refusal(
        String className, String method, @Nullable String sourceFile, int line, String rule, String remedy) {

    /** The place, the rule and the remedy in one line. */
    public String message() {
        String file = sourceFile == null ? "unknown source" : sourceFile + (line > 0 ? ":" + line : "");
        return className + "." + method + " (" + file + "): " + rule + "; " + remedy;
    }
}
