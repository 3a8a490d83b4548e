// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import java.lang.invoke.MethodHandles.Lookup;
import org.jspecify.annotations.Nullable;

/** Creates the {@linkplain Entry entries} of bodies. Woven classes call this. */
public final class Entries {

    /** The prefix of the methods that the weaver adds to a class for its entries. */
    private static final String PREFIX = "heddle$";

    /** Whether an entry of a woven method has been created. Set by any thread, and read without ordering. */
    private static boolean anyMade;

    private Entries() {}

    /** Whether a woven method has run or been called in this process. */
    public static boolean isAnyMade() {
        return anyMade;
    }

    /** Whether {@code element} of a stack trace is a method that the weaver has added to a class for its entries. */
    public static boolean isEntry(StackTraceElement element) {
        return isEntry(element.getMethodName());
    }

    /** Whether {@code method} is the name of a method that the weaver has added to a class for its entries. */
    public static boolean isEntry(String method) {
        return method.startsWith(PREFIX);
    }

    /** Returns the entry of the body that {@code lambda} continues: {@code lambda} itself, or the entry that a debugger needs. */
    public static Entry made(Entry lambda) {
        if (!anyMade) { // stored only once, because many threads call this repeatedly for interfaces
            anyMade = true;
        }
        return HandleEntry.WANTED && lambda.resume(null) instanceof Entry entry ? entry : lambda;
    }

    /**
     * Returns the result of {@link Entry#resume} for a null frame. It is the {@link AsyncMethod} of a body, or an entry that calls the body directly if a
     * debugger is going to be used.
     *
     * @param lookup a lookup of the woven class, with full privileges
     * @param name the name of the body
     * @param descriptor the descriptor of the body, whose last parameter is the frame
     * @param isStatic whether the body has no receiver
     * @param fileName the source file, or null if the class file does not name it
     * @param lines as {@link AsyncMethod#lines}
     */
    public static Object facts(
            Lookup lookup, String name, String descriptor, boolean isStatic, @Nullable String fileName, String lines) {
        AsyncMethod method = new AsyncMethod(lookup.lookupClass().getName(), name, fileName, lines);
        return HandleEntry.WANTED ? HandleEntry.of(method, lookup, descriptor, isStatic) : method;
    }
}
