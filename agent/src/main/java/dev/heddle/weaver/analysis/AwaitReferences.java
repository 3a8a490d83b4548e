// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds method references to {@code await}, which cannot be woven so that they suspend. */
final class AwaitReferences {

    private AwaitReferences() {}

    /** The instructions of {@code method} with a handle of {@code await} among their constants. */
    static List<AbstractInsnNode> in(MethodNode method) {
        List<AbstractInsnNode> references = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            boolean refers = switch (instruction.getType()) {
                case AbstractInsnNode.INVOKE_DYNAMIC_INSN -> anyRefers(((InvokeDynamicInsnNode) instruction).bsmArgs);
                case AbstractInsnNode.LDC_INSN -> anyRefers(((LdcInsnNode) instruction).cst);
                default -> false;
            };
            if (refers) {
                references.add(instruction);
            }
        }
        return references;
    }

    private static boolean anyRefers(Object... constants) {
        for (Object constant : constants) {
            if (constant instanceof Handle handle && Code.isAwait(handle)) {
                return true;
            }
            if (constant instanceof ConstantDynamic dynamic && anyRefers(arguments(dynamic))) {
                return true;
            }
        }
        return false;
    }

    private static Object[] arguments(ConstantDynamic dynamic) {
        Object[] arguments = new Object[dynamic.getBootstrapMethodArgumentCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = dynamic.getBootstrapMethodArgument(i);
        }
        return arguments;
    }
}
