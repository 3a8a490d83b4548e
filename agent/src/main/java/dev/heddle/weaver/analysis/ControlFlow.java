package dev.heddle.weaver.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** The basic blocks of a method with their edges, those of exceptions included. */
final class ControlFlow {

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

    /** The entries of the exception table that cover an instruction, in their order, up to one that catches everything. */
    List<TryCatchBlockNode> handlersAt(AbstractInsnNode instruction) {
        List<TryCatchBlockNode> covering = new ArrayList<>();
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            if (covers(entry, instruction)
                    || (instruction.getOpcode() == Opcodes.ARETURN && returns(entry, instruction))) {
                covering.add(entry);
                if (entry.type == null) {
                    break;
                }
            }
        }
        return covering;
    }

    private boolean covers(TryCatchBlockNode entry, AbstractInsnNode instruction) {
        int index = instructions.indexOf(instruction);
        return instructions.indexOf(entry.start) <= index && index < instructions.indexOf(entry.end);
    }

    /**
     * Whether {@code entry} ends just before a return out of its range. Compilers leave the return instruction out, since it
     * cannot throw; but an await of what it returns can. A monitor that has just been released stays out.
     */
    private boolean returns(TryCatchBlockNode entry, AbstractInsnNode areturn) {
        AbstractInsnNode last = Code.instructionBefore(areturn);
        return last != null
                && last.getOpcode() != Opcodes.MONITOREXIT
                && covers(entry, last)
                && !covers(entry, areturn);
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

    /** Whether control never passes on to the next instruction. */
    private static boolean endsPath(AbstractInsnNode instruction) {
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
