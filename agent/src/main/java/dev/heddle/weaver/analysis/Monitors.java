// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;

/**
 * The number of monitors that a method may hold before each instruction. Where paths with different numbers meet, it is
 * the largest.
 */
final class Monitors {

    /**
     * The largest number that is counted. No method nests deeper; it bounds the search in a class file that does not
     * balance its monitors (JVMS 2.11.10).
     */
    private static final int LIMIT = 255;

    private final ControlFlow flow;
    private final InsnList instructions;
    private final int[] atStart;
    private final Deque<Integer> open = new ArrayDeque<>();

    private Monitors(ControlFlow flow, InsnList instructions) {
        this.flow = flow;
        this.instructions = instructions;
        this.atStart = new int[flow.blocks().size()];
        for (BasicBlock block : flow.blocks()) {
            open.add(block.number());
        }
        while (!open.isEmpty()) {
            visit(flow.blocks().get(open.pop()));
        }
    }

    /** The monitors of {@code method}, or null if it enters none. */
    static @Nullable Monitors of(MethodNode method, ControlFlow flow) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction.getOpcode() == Opcodes.MONITORENTER) {
                return new Monitors(flow, method.instructions);
            }
        }
        return null;
    }

    /** Whether a monitor may be held at {@code instruction}. */
    boolean heldAt(AbstractInsnNode instruction) {
        BasicBlock block = flow.blockOf(instruction);
        int depth = atStart[block.number()];
        int index = instructions.indexOf(instruction);
        for (int i = block.start(); i < index; i++) {
            depth = after(instructions.get(i), depth);
        }
        return depth > 0;
    }

    private void visit(BasicBlock block) {
        int depth = atStart[block.number()];
        for (int i = block.start(); i < block.end(); i++) {
            AbstractInsnNode instruction = instructions.get(i);
            if (instruction.getOpcode() >= 0) {
                int before = depth;
                block.handlers().forEach(handler -> raise(handler, before));
            }
            depth = after(instruction, depth);
        }
        int end = depth;
        block.successors().forEach(successor -> raise(successor, end));
    }

    private void raise(int block, int depth) {
        if (depth > atStart[block] && depth <= LIMIT) {
            atStart[block] = depth;
            open.add(block);
        }
    }

    private static int after(AbstractInsnNode instruction, int depth) {
        return switch (instruction.getOpcode()) {
            case Opcodes.MONITORENTER -> depth + 1;
            case Opcodes.MONITOREXIT -> Math.max(0, depth - 1);
            default -> depth;
        };
    }
}
