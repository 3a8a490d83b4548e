// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.util.CheckClassAdapter;

/**
 * Verifies a class file as the JVM will, with better messages and without loading any class: its structure, and its
 * code by type checking against its stack map frames (JVMS 4.10.1). A type whose class is unknown may be any type.
 */
public final class WovenClassVerifier {

    private WovenClassVerifier() {}

    /**
     * Checks {@code classFile}.
     *
     * @throws IllegalStateException if the JVM would reject it; the message states the reason
     */
    public static void verify(String className, byte[] classFile) {
        try {
            ClassParser.accept(classFile, new CheckClassAdapter(new ClassNode(), false), 0);
            ClassNode node = ClassParser.parse(classFile, ClassReader.EXPAND_FRAMES);
            if ((node.version & 0xFFFF) >= Opcodes.V1_7) { // older class files have no stack map frames, or need none
                KnownTypes types = new KnownTypes(node);
                for (MethodNode method : node.methods) {
                    new MethodVerifier(node, method, types).verify();
                }
            }
        } catch (RuntimeException failure) {
            throw new IllegalStateException(
                    "woven class " + className + " is not valid: " + failure.getMessage(), failure);
        }
    }
}
