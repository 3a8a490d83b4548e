// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.RuntimeNames;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Classifies single instructions. */
final class Code {

    private Code() {}

    /** Whether {@code instruction} calls {@code await}, for an awaitable or a stage. */
    static boolean isAwait(AbstractInsnNode instruction) {
        return isAwaitAwaitable(instruction) || isAwaitStage(instruction);
    }

    static boolean isAwaitAwaitable(AbstractInsnNode instruction) {
        return calls(instruction, RuntimeNames.ASYNCIO, RuntimeNames.AWAIT, RuntimeNames.AWAIT_AWAITABLE);
    }

    static boolean isAwaitStage(AbstractInsnNode instruction) {
        return calls(instruction, RuntimeNames.ASYNCIO, RuntimeNames.AWAIT, RuntimeNames.AWAIT_STAGE);
    }

    /** Whether {@code handle} refers to {@code await}, for an awaitable or a stage. */
    static boolean isAwait(Handle handle) {
        return handle.getOwner().equals(RuntimeNames.ASYNCIO)
                && handle.getName().equals(RuntimeNames.AWAIT)
                && (handle.getDesc().equals(RuntimeNames.AWAIT_AWAITABLE)
                        || handle.getDesc().equals(RuntimeNames.AWAIT_STAGE)
                        || DeclaringAwaits.isDeclaring(handle));
    }

    /** Whether lambdas of {@code type} are coroutines even if they do not await. */
    static boolean isAsyncFunctional(Type type) {
        return type.getSort() == Type.OBJECT
                && (type.getInternalName().equals(RuntimeNames.ASYNC_SUPPLIER)
                        || type.getInternalName().equals(RuntimeNames.ASYNC_FUNCTION));
    }

    /** Whether {@code instruction} calls {@code Coroutine.of} or {@code Coroutine.done}. */
    static boolean isResult(AbstractInsnNode instruction) {
        return calls(instruction, RuntimeNames.COROUTINE, RuntimeNames.OF, RuntimeNames.OF_DESCRIPTOR)
                || calls(instruction, RuntimeNames.COROUTINE, RuntimeNames.DONE, RuntimeNames.DONE_DESCRIPTOR);
    }

    static boolean isConstructorCall(AbstractInsnNode instruction) {
        return instruction.getOpcode() == Opcodes.INVOKESPECIAL
                && instruction instanceof MethodInsnNode call
                && call.name.equals("<init>");
    }

    /** Whether {@code instruction} stores a value into {@code slot}, or the second half of one. */
    static boolean writes(AbstractInsnNode instruction, int slot) {
        int opcode = instruction.getOpcode();
        if (opcode < Opcodes.ISTORE || opcode > Opcodes.ASTORE) {
            return false;
        }
        int first = ((VarInsnNode) instruction).var;
        boolean isWide = opcode == Opcodes.LSTORE || opcode == Opcodes.DSTORE;
        return first == slot || (isWide && first + 1 == slot);
    }

    /** Whether {@code instruction} reads the value in {@code slot}. */
    static boolean reads(AbstractInsnNode instruction, int slot) {
        if (instruction instanceof IincInsnNode increment) {
            return increment.var == slot;
        }
        int opcode = instruction.getOpcode();
        return opcode >= Opcodes.ILOAD && opcode <= Opcodes.ALOAD && ((VarInsnNode) instruction).var == slot;
    }

    /** The next instruction after {@code node} that is not a label, line number or frame, or null. */
    static @Nullable AbstractInsnNode instructionAfter(AbstractInsnNode node) {
        AbstractInsnNode next = node.getNext();
        while (next != null && next.getOpcode() < 0) {
            next = next.getNext();
        }
        return next;
    }

    /** Whether some code of {@code method} throws the message of a refusal. */
    static boolean refuses(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof MethodInsnNode call
                    && call.owner.equals(RuntimeNames.SUSPENSION)
                    && call.name.equals(RuntimeNames.REFUSE)) {
                return true;
            }
        }
        return false;
    }

    /** The instruction executed just before, or null if a frame shows that control may come from elsewhere too. */
    static @Nullable AbstractInsnNode executedBefore(AbstractInsnNode instruction) {
        AbstractInsnNode previous = instruction.getPrevious();
        while (previous != null && previous.getOpcode() < 0) {
            if (previous instanceof FrameNode) {
                return null;
            }
            previous = previous.getPrevious();
        }
        return previous;
    }

    /** The source line of {@code instruction}, or 0. */
    static int line(AbstractInsnNode instruction) {
        for (AbstractInsnNode node = instruction; node != null; node = node.getPrevious()) {
            if (node instanceof LineNumberNode lineNumber) {
                return lineNumber.line;
            }
        }
        return 0;
    }

    /** The first source line of {@code method}, or 0. */
    static int firstLine(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof LineNumberNode lineNumber) {
                return lineNumber.line;
            }
        }
        return 0;
    }

    private static boolean calls(AbstractInsnNode instruction, String owner, String name, String descriptor) {
        return instruction instanceof MethodInsnNode call
                && call.getOpcode() == Opcodes.INVOKESTATIC
                && call.owner.equals(owner)
                && call.name.equals(name)
                && call.desc.equals(descriptor);
    }
}
