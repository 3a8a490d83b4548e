// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** The basic blocks of a method with their edges, including those of exceptions. */
final class ControlFlow {

    /**
     * An edge from one instruction to another that may be executed next, by their indices. The index before the first
     * instruction is -1.
     */
    record Edge(int from, int to) {}

    private final MethodNode method;
    private final InsnList instructions;
    private final List<BasicBlock> blocks = new ArrayList<>();
    private final int[] blockAt;
    private final BitSet reachable = new BitSet();

    ControlFlow(MethodNode method) {
        this.method = method;
        this.instructions = method.instructions;
        this.blockAt = new int[instructions.size()];
        split(leaders());
        markReachable();
    }

    List<BasicBlock> blocks() {
        return blocks;
    }

    BasicBlock blockOf(AbstractInsnNode instruction) {
        return blocks.get(blockAt[instructions.indexOf(instruction)]);
    }

    boolean isReachable(AbstractInsnNode instruction) {
        return reachable.get(blockOf(instruction).number());
    }

    boolean isReachable(BasicBlock block) {
        return reachable.get(block.number());
    }

    /** The entries of the exception table that cover an instruction, in order, up to one that catches everything. */
    List<TryCatchBlockNode> handlersAt(AbstractInsnNode instruction) {
        List<TryCatchBlockNode> covering = new ArrayList<>();
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            if (covers(entry, instruction)) {
                covering.add(entry);
                if (entry.type == null) {
                    break;
                }
            }
        }
        return covering;
    }

    /** Whether {@code entry} may catch an exception thrown by {@code instruction}. */
    boolean covers(TryCatchBlockNode entry, AbstractInsnNode instruction) {
        int index = instructions.indexOf(instruction);
        return instructions.indexOf(entry.start) <= index && index < instructions.indexOf(entry.end);
    }

    /** The {@code entries} whose range {@code edge} leaves. */
    List<TryCatchBlockNode> leftAlong(Edge edge, List<TryCatchBlockNode> entries) {
        if (edge.from() < 0) {
            return List.of();
        }
        AbstractInsnNode from = instructions.get(edge.from());
        AbstractInsnNode to = instructions.get(edge.to());
        return entries.stream()
                .filter(entry -> covers(entry, from) && !covers(entry, to))
                .toList();
    }

    /**
     * The indices of the instructions that may be executed just after the one at {@code index} if it does not throw.
     */
    List<Integer> after(int index) {
        BasicBlock block = blocks.get(blockAt[index]);
        if (index + 1 < block.end()) {
            return List.of(index + 1);
        }
        return block.successors().stream().map(next -> blocks.get(next).start()).toList();
    }

    /** The indices of the instructions that may be executed just before the one at {@code index}. */
    List<Integer> before(int index) {
        BasicBlock block = blocks.get(blockAt[index]);
        if (index > block.start()) {
            return List.of(index - 1);
        }
        return blocks.stream()
                .filter(previous -> previous.successors().contains(block.number()))
                .map(previous -> previous.end() - 1)
                .toList();
    }

    /** The blocks from which an exception may lead to the instruction at {@code index}, which starts a block. */
    List<BasicBlock> throwingTo(int index) {
        int number = blockAt[index];
        if (blocks.get(number).start() != index) {
            return List.of();
        }
        return blocks.stream()
                .filter(block -> block.handlers().contains(number))
                .toList();
    }

    /**
     * The instructions that may read the value that {@code slot} holds just before one of the instructions
     * {@code from}.
     */
    Set<AbstractInsnNode> readsOf(int slot, List<Integer> from) {
        Set<AbstractInsnNode> reads = new HashSet<>();
        BitSet seen = new BitSet();
        Deque<Integer> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            int index = open.pop();
            AbstractInsnNode instruction = instructions.get(index);
            if (seen.get(index) || Code.writes(instruction, slot)) {
                continue;
            }
            seen.set(index);
            if (Code.reads(instruction, slot)) {
                reads.add(instruction);
            }
            open.addAll(after(index));
            blockOf(instruction)
                    .handlers()
                    .forEach(handler -> open.add(blocks.get(handler).start()));
        }
        return reads;
    }

    private BitSet leaders() {
        BitSet leaders = new BitSet();
        leaders.set(0);
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            leaders.set(instructions.indexOf(entry.start));
            leaders.set(instructions.indexOf(entry.end));
            leaders.set(instructions.indexOf(entry.handler));
        }
        for (AbstractInsnNode instruction : instructions) {
            List<LabelNode> targets = targets(instruction);
            targets.forEach(target -> leaders.set(instructions.indexOf(target)));
            if (!targets.isEmpty() || endsPath(instruction)) {
                leaders.set(instructions.indexOf(instruction) + 1);
            }
        }
        return leaders;
    }

    private void split(BitSet leaders) {
        int size = instructions.size();
        int number = -1;
        for (int index = 0; index < size; index++) {
            if (leaders.get(index)) {
                number++;
            }
            blockAt[index] = number;
        }
        int start = 0;
        while (start < size) {
            int next = leaders.nextSetBit(start + 1);
            int end = next < 0 || next > size ? size : next;
            blocks.add(block(blocks.size(), start, end));
            start = end;
        }
    }

    private BasicBlock block(int number, int start, int end) {
        AbstractInsnNode last = instructions.get(end - 1);
        List<Integer> successors = new ArrayList<>();
        targets(last).forEach(target -> successors.add(blockAt[instructions.indexOf(target)]));
        if (!endsPath(last) && end < instructions.size()) {
            successors.add(blockAt[end]);
        }
        List<Integer> handlers = new ArrayList<>();
        handlersAt(last).forEach(entry -> handlers.add(blockAt[instructions.indexOf(entry.handler)]));
        return new BasicBlock(number, start, end, List.copyOf(successors), List.copyOf(handlers));
    }

    private static List<LabelNode> targets(AbstractInsnNode instruction) {
        List<LabelNode> targets = new ArrayList<>();
        if (instruction instanceof JumpInsnNode jump) {
            targets.add(jump.label);
        } else if (instruction instanceof TableSwitchInsnNode table) {
            targets.addAll(table.labels);
            targets.add(table.dflt);
        } else if (instruction instanceof LookupSwitchInsnNode lookup) {
            targets.addAll(lookup.labels);
            targets.add(lookup.dflt);
        }
        return targets;
    }

    /** Whether control never passes from {@code instruction} to the next one. */
    static boolean endsPath(AbstractInsnNode instruction) {
        int opcode = instruction.getOpcode();
        return opcode == Opcodes.GOTO
                || opcode == Opcodes.TABLESWITCH
                || opcode == Opcodes.LOOKUPSWITCH
                || opcode == Opcodes.ATHROW
                || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
    }

    private void markReachable() {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(0);
        while (!open.isEmpty()) {
            int number = open.pop();
            if (!reachable.get(number)) {
                reachable.set(number);
                open.addAll(blocks.get(number).successors());
                open.addAll(blocks.get(number).handlers());
            }
        }
    }
}
