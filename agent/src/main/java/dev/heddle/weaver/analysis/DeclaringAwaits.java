// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.RuntimeNames;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Calls of {@code await} with the classes of exceptions, which tell the compiler what may be thrown. They mean nothing when the program runs. */
final class DeclaringAwaits {

    private DeclaringAwaits() {}

    /** Turns the calls in {@code method} into calls without classes, after which the weaver has one kind of call to deal with. */
    static void simplify(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions.toArray()) {
            if (instruction.getOpcode() == Opcodes.INVOKESTATIC
                    && instruction instanceof MethodInsnNode call
                    && isDeclaring(call.owner, call.name, call.desc)) {
                for (int i = Type.getArgumentCount(call.desc); i > 1; i--) {
                    method.instructions.insertBefore(call, new InsnNode(Opcodes.POP));
                }
                call.desc = isOfStage(call.desc)
                        ? RuntimeNames.AWAIT_STAGE
                        : RuntimeNames.AWAIT_AWAITABLE; // stack: .. awaitable
            }
        }
    }

    /** Whether {@code handle} refers to such an {@code await}. */
    static boolean isDeclaring(Handle handle) {
        return isDeclaring(handle.getOwner(), handle.getName(), handle.getDesc());
    }

    private static boolean isDeclaring(String owner, String name, String descriptor) {
        return owner.equals(RuntimeNames.ASYNCIO)
                && name.equals(RuntimeNames.AWAIT)
                && RuntimeNames.AWAIT_DECLARING.contains(descriptor);
    }

    private static boolean isOfStage(String descriptor) {
        return Type.getArgumentTypes(descriptor)[0].equals(Type.getArgumentTypes(RuntimeNames.AWAIT_STAGE)[0]);
    }
}
