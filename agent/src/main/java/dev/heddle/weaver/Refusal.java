package dev.heddle.weaver;

import org.jspecify.annotations.Nullable;

/**
 * Why a method, or one await in it, is not woven. The method then throws {@link #message} where it would have awaited.
 *
 * @param className the binary name of the class
 * @param method the name of the method
 * @param sourceFile the source file, or null when the class file does not tell
 * @param line the line, or 0 when the class file does not tell
 * @param rule what is broken
 * @param remedy what to write instead
 */
public record Refusal(
        String className, String method, @Nullable String sourceFile, int line, String rule, String remedy) {

    /** The place, the rule and the remedy in one line. */
    public String message() {
        String file = sourceFile == null ? "unknown source" : sourceFile + (line > 0 ? ":" + line : "");
        return className + "." + method + " (" + file + "): " + rule + "; " + remedy;
    }
}
