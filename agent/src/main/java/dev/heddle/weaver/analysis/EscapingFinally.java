// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.ControlFlow.Edge;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Finds coroutines that are returned out of a {@code try} whose {@code finally} block never ends normally: on every
 * path it throws, returns another value, or jumps elsewhere. Such a {@code return} has no return instruction: compilers
 * store the coroutine in a local that is never read, or drop it. A coroutine that the last statement of such a
 * {@code try} drops is therefore awaited, too.
 */
final class EscapingFinally {

    private final MethodNode method;
    private final ControlFlow flow;
    private final @Nullable Monitors monitors;
    private final TypeFlow types;

    /** The entries of the exception table for {@code finally} blocks that never end normally. */
    private final List<TryCatchBlockNode> entries;

    EscapingFinally(String owner, MethodNode method, ControlFlow flow, @Nullable Monitors monitors) {
        this.method = method;
        this.flow = flow;
        this.monitors = monitors;
        this.entries = method.tryCatchBlocks.stream()
                .filter(entry -> entry.type == null && forgetsException(entry.handler))
                .toList();
        this.types = new TypeFlow(owner, method, instruction -> !entries.isEmpty() && isDrop(instruction));
    }

    List<InsertedAwait> awaits() {
        List<InsertedAwait> awaits = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            boolean isInside = entries.stream().anyMatch(entry -> flow.covers(entry, instruction));
            if (isInside && isDrop(instruction) && dropsCoroutine(instruction)) {
                InsertedAwait await = await(instruction);
                if (await != null) {
                    awaits.add(await);
                }
            }
        }
        return awaits;
    }

    /** Whether {@code handler} drops its exception. A {@code finally} block that can end normally rethrows it. */
    private boolean forgetsException(AbstractInsnNode handler) {
        AbstractInsnNode first = Code.instructionAfter(handler);
        if (first == null || first.getOpcode() != Opcodes.ASTORE) {
            return first != null && first.getOpcode() == Opcodes.POP;
        }
        return isNeverRead((VarInsnNode) first);
    }

    private boolean isNeverRead(VarInsnNode store) {
        return flow.readsOf(store.var, flow.after(method.instructions.indexOf(store)))
                .isEmpty();
    }

    private static boolean isDrop(AbstractInsnNode instruction) {
        return instruction.getOpcode() == Opcodes.POP || instruction.getOpcode() == Opcodes.ASTORE;
    }

    private boolean dropsCoroutine(AbstractInsnNode instruction) {
        TypeFlow.Snapshot before = types.before(instruction);
        AbstractInsnNode previous = Code.executedBefore(instruction);
        return before != null
                && before.stack().get(before.stack().size() - 1).equals(RuntimeNames.COROUTINE)
                && (previous == null || !Code.isResult(previous))
                && (instruction.getOpcode() == Opcodes.POP || isNeverRead((VarInsnNode) instruction));
    }

    /**
     * An await of the value that {@code drop} drops, if control then leaves the range of a {@code try}; otherwise null.
     */
    private @Nullable InsertedAwait await(AbstractInsnNode drop) {
        AbstractInsnNode last = drop;
        AbstractInsnNode next = executedAfter(drop);
        while (next != null && next.getOpcode() == Opcodes.ALOAD) {
            AbstractInsnNode exit = executedAfter(next);
            if (exit == null || exit.getOpcode() != Opcodes.MONITOREXIT) {
                break;
            }
            last = exit;
            next = executedAfter(exit);
        }
        if (next == null || isHeld(next)) {
            return null;
        }
        Edge edge = new Edge(method.instructions.indexOf(last), method.instructions.indexOf(next));
        List<TryCatchBlockNode> left = flow.leftAlong(edge, method.tryCatchBlocks);
        if (left.isEmpty() || last == drop) {
            return left.isEmpty() ? null : InsertedAwait.before(drop);
        }
        List<TryCatchBlockNode> handlers =
                left.stream().filter(entry -> !isHeld(entry.handler)).toList();
        return drop instanceof VarInsnNode store ? InsertedAwait.along(method, flow, edge, store.var, handlers) : null;
    }

    private boolean isHeld(AbstractInsnNode instruction) {
        return monitors != null && monitors.heldAt(instruction);
    }

    /** The next instruction to be executed, jumps skipped; null if control branches or ends. */
    private @Nullable AbstractInsnNode executedAfter(AbstractInsnNode instruction) {
        AbstractInsnNode next = Code.instructionAfter(instruction);
        for (int jumps = 0; next != null && next.getOpcode() == Opcodes.GOTO && jumps < 100; jumps++) {
            next = Code.instructionAfter(((JumpInsnNode) next).label);
        }
        return next;
    }
}
