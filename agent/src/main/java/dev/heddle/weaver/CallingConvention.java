// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Reads the version of the calling convention that a class file states. */
public final class CallingConvention {

    /** The version of a class file that states no version. */
    public static final int NONE = 0;

    private CallingConvention() {}

    /** The version that the class file of {@link RuntimeNames#CONVENTION} states. */
    public static int versionOfRuntime(byte[] classFile) {
        for (FieldNode field : parse(classFile).fields) {
            if (field.name.equals(RuntimeNames.VERSION) && field.value instanceof Integer version) {
                return version;
            }
        }
        return NONE;
    }

    /**
     * The version for which a class was woven.
     *
     * @throws UnsupportedClassFile if the class file is too new
     */
    public static int versionOfWoven(byte[] classFile) {
        for (MethodNode method : parse(classFile).methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof MethodInsnNode call
                        && call.owner.equals(RuntimeNames.CONVENTION)
                        && call.name.equals(RuntimeNames.REQUIRE)) {
                    return constant(call.getPrevious());
                }
            }
        }
        return NONE;
    }

    /** The int constant that {@code push} pushes. */
    private static int constant(AbstractInsnNode push) {
        if (push instanceof IntInsnNode number) {
            return number.operand;
        }
        if (push instanceof LdcInsnNode loaded && loaded.cst instanceof Integer number) {
            return number;
        }
        return push instanceof InsnNode ? push.getOpcode() - Opcodes.ICONST_0 : NONE;
    }

    private static ClassNode parse(byte[] classFile) {
        return ClassParser.parse(classFile, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }
}
