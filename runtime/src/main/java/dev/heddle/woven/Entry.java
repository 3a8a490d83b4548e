package dev.heddle.woven;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The way into the body of one woven method. There is one instance a method, a dynamic constant of the woven class (JVMS
 * 4.4.10); its class is a hidden nestmate of the woven class, so the body can be private.
 */
public abstract class Entry {

    private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class, AsyncMethod.class);

    /** Whether there is one of a woven method. Set by any thread; others may see it late. */
    private static boolean anyMade;

    private final AsyncMethod method;

    /** The entry of {@code method}. */
    protected Entry(AsyncMethod method) {
        this.method = method;
    }

    /** Whether a woven method has run or been called in this process. */
    public static boolean isAnyMade() {
        return anyMade;
    }

    final AsyncMethod method() {
        return method;
    }

    /**
     * Runs the body from where {@code frame} stands to its next suspension or its end.
     *
     * @return the result, or {@link Suspension#SUSPENDED}
     */
    protected abstract @Nullable Object resume(Frame<?> frame);

    /**
     * Makes the entry of a body: the bootstrap method of the dynamic constant in the woven class. Its arguments are strings, as the
     * JVM would have to make the method handles that unbox a number.
     *
     * @param lookup of the woven class, with full privileges
     * @param name of the body
     * @param type {@code Entry.class}
     * @param descriptor of the body, its last parameter being the frame
     * @param isStatic {@code true} for a static body, {@code false} for an instance one
     * @param fileName the source file, empty when unknown
     * @param lines as {@link AsyncMethod#lines}
     * @throws Throwable if the hidden class cannot be defined
     */
    public static Entry bootstrap(
            Lookup lookup,
            String name,
            Class<?> type,
            String descriptor,
            String isStatic,
            String fileName,
            String lines)
            throws Throwable {
        Class<?> owner = lookup.lookupClass();
        anyMade = true;
        @Nullable String file = fileName.isEmpty() ? null : fileName;
        AsyncMethod method = new AsyncMethod(owner.getName(), name, file, lines);
        boolean hasReceiver = !Boolean.parseBoolean(isStatic);
        if (HandleEntry.WANTED) {
            try {
                return new HandleEntry(method, lookup, name, descriptor, hasReceiver);
            } catch (TypeNotPresentException missing) {
                // An entry of the other kind names no class but that of the body.
            }
        }
        byte[] classFile = EntryClass.classFile(owner, name, descriptor, !hasReceiver);
        Lookup entryClass = lookup.defineHiddenClass(classFile, true, Lookup.ClassOption.NESTMATE);
        return (Entry) entryClass
                .findConstructor(entryClass.lookupClass(), CONSTRUCTOR)
                .invoke(method);
    }

    /**
     * Links a place that needs the entry: the bootstrap method of an {@code invokedynamic} instruction in the woven class, whose static
     * argument is the dynamic constant.
     *
     * @param lookup of the woven class
     * @param name of the body
     * @param type {@code ()Entry}
     */
    public static CallSite site(Lookup lookup, String name, MethodType type, Entry entry) {
        return new ConstantCallSite(MethodHandles.constant(Entry.class, entry));
    }
}
