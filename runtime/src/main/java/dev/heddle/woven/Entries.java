package dev.heddle.woven;

import java.lang.invoke.MethodHandles.Lookup;
import org.jspecify.annotations.Nullable;

/** Makes the {@linkplain Entry entries} of the bodies of a woven class, which calls this. */
public final class Entries {

    /** How the names of the methods begin that the weaver adds to a class for its entries. */
    private static final String PREFIX = "heddle$";

    /** Whether there is one of a woven method. Set by any thread; others may see it late. */
    private static boolean anyMade;

    private Entries() {}

    /** Whether a woven method has run or been called in this process. */
    public static boolean isAnyMade() {
        return anyMade;
    }

    /** Whether {@code element} of a stack trace is a method that the weaver has added to a class for its entries. */
    public static boolean isEntry(StackTraceElement element) {
        return element.getMethodName().startsWith(PREFIX);
    }

    /**
     * The entry of a body.
     *
     * @param lambda continues the body
     */
    public static Entry made(Entry lambda) {
        if (!anyMade) { // more often than once only for interfaces, by many threads
            anyMade = true;
        }
        return HandleEntry.WANTED && lambda.resume(null) instanceof Entry entry ? entry : lambda;
    }

    /**
     * The result of {@link Entry#resume} for a null frame: the {@link AsyncMethod} of a body, or, if a debugger is going to be used, an entry that
     * leads to it directly.
     *
     * @param lookup of the woven class, with full privileges
     * @param name of the body
     * @param descriptor of the body, its last parameter being the frame
     * @param isStatic whether the body has no receiver
     * @param fileName the source file, or null when the class file does not tell
     * @param lines as {@link AsyncMethod#lines}
     */
    public static Object facts(
            Lookup lookup, String name, String descriptor, boolean isStatic, @Nullable String fileName, String lines) {
        AsyncMethod method = new AsyncMethod(lookup.lookupClass().getName(), name, fileName, lines);
        return HandleEntry.WANTED ? HandleEntry.of(method, lookup, descriptor, isStatic) : method;
    }
}
