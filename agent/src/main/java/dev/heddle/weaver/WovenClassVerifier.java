package dev.heddle.weaver;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.util.CheckClassAdapter;

/** Checks a class file with data flow before the JVM does, with better messages and without loading any class. */
public final class WovenClassVerifier {

    private WovenClassVerifier() {}

    /**
     * Checks {@code classFile}.
     *
     * @throws IllegalStateException if it is not well formed; the message says why
     */
    public static void verify(String className, byte[] classFile) {
        try {
            new ClassReader(classFile).accept(new CheckClassAdapter(new ClassNode(), true), 0);
        } catch (RuntimeException failure) {
            throw new IllegalStateException(
                    "woven class " + className + " is not valid: " + failure.getMessage(), failure);
        }
    }
}
