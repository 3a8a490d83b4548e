// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.ControlFlow.Edge;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * An await to insert for a coroutine that is being returned.
 *
 * @param before the instruction before which the await is inserted
 * @param slot the local that holds the coroutine, {@link #ON_STACK}, or {@link #NULL}
 * @param handlers the entries of the exception table that cover the await, in addition to those that cover
 *     {@code before}
 * @param later the entries whose range starts with {@code before} and does not include the await
 */
record InsertedAwait(AbstractInsnNode before, int slot, Set<TryCatchBlockNode> handlers, Set<TryCatchBlockNode> later) {

    /** Value of {@link #slot}: the coroutine is on top of the stack. */
    static final int ON_STACK = -1;

    /** Value of {@link #slot}: there is no coroutine, because null is returned. Awaiting it throws. */
    static final int NULL = -2;

    /** An await of the value on the stack, with the handlers of {@code instruction}. */
    static InsertedAwait before(AbstractInsnNode instruction) {
        return new InsertedAwait(instruction, ON_STACK, Set.of(), Set.of());
    }

    /**
     * An await between two instructions, covered by {@code handlers} and by the handlers that cover both instructions.
     */
    static InsertedAwait along(
            MethodNode method, ControlFlow flow, Edge edge, int slot, List<TryCatchBlockNode> handlers) {
        AbstractInsnNode from = method.instructions.get(edge.from());
        AbstractInsnNode to = method.instructions.get(edge.to());
        AbstractInsnNode before = to.getOpcode() >= 0 ? to : Objects.requireNonNull(Code.instructionAfter(to));
        Set<TryCatchBlockNode> later = new LinkedHashSet<>();
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            if (flow.covers(entry, before)
                    && !flow.covers(entry, from)
                    && Code.instructionAfter(entry.start) == before) {
                later.add(entry);
            }
        }
        return new InsertedAwait(before, slot, new LinkedHashSet<>(handlers), later);
    }

    /** Merges the awaits of two paths that lead to the same instruction. */
    InsertedAwait and(InsertedAwait other) {
        Set<TryCatchBlockNode> all = new LinkedHashSet<>(handlers);
        all.addAll(other.handlers);
        return new InsertedAwait(before, slot, all, later);
    }

    void insertInto(MethodNode method) {
        LabelNode start = new LabelNode();
        LabelNode end = new LabelNode();
        InsnList code = new InsnList();
        code.add(start);
        if (slot >= 0) {
            code.add(new VarInsnNode(Opcodes.ALOAD, slot));
        } else if (slot == NULL) {
            code.add(new InsnNode(Opcodes.ACONST_NULL));
        }
        code.add(call(RuntimeNames.ASYNCIO, RuntimeNames.AWAIT, RuntimeNames.AWAIT_AWAITABLE)); // stack: .. result
        code.add(call(RuntimeNames.COROUTINE, RuntimeNames.OF, RuntimeNames.OF_DESCRIPTOR)); // stack: .. coroutine
        if (slot >= 0) {
            code.add(new VarInsnNode(Opcodes.ASTORE, slot));
        } else if (slot == NULL) {
            code.add(new InsnNode(Opcodes.POP));
        }
        code.add(end);
        method.instructions.insertBefore(before, code);
        List<TryCatchBlockNode> table = new ArrayList<>();
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            table.add(entry);
            if (handlers.contains(entry)) {
                table.add(new TryCatchBlockNode(start, end, entry.handler, entry.type));
            }
            if (later.contains(entry)) {
                entry.start = end;
            }
        }
        method.tryCatchBlocks = table;
    }

    private static MethodInsnNode call(String owner, String name, String descriptor) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
    }
}
