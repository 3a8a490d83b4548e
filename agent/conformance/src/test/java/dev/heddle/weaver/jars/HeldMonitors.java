package dev.heddle.weaver.jars;

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

/** How many monitors may be held before each instruction: every number that some path leads to. */
final class HeldMonitors {

    private static final int DEEPEST = 30;

    private final InsnList instructions;
    private final BitSet[] depths;
    private final List<List<Integer>> handlers = new ArrayList<>();
    private final Deque<Integer> open = new ArrayDeque<>();

    HeldMonitors(MethodNode method) {
        instructions = method.instructions;
        depths = new BitSet[instructions.size()];
        for (int i = 0; i < depths.length; i++) {
            depths[i] = new BitSet();
            handlers.add(new ArrayList<>());
        }
        BitSet caught = new BitSet();
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            int end = instructions.indexOf(block.end);
            for (int i = instructions.indexOf(block.start); i < end; i++) {
                if (!caught.get(i)) { // or else an earlier entry catches everything
                    handlers.get(i).add(instructions.indexOf(block.handler));
                    caught.set(i, block.type == null);
                }
            }
        }
        BitSet none = new BitSet();
        none.set(0);
        reach(0, none);
        while (!open.isEmpty()) {
            leave(open.pop());
        }
    }

    /** Whether some path leads to {@code instruction} with a monitor held. */
    boolean mayBeHeldAt(AbstractInsnNode instruction) {
        return depths[instructions.indexOf(instruction)].nextSetBit(1) >= 0;
    }

    /** Whether a path leads to {@code instruction} with no monitor held. */
    boolean mayBeFreeAt(AbstractInsnNode instruction) {
        return depths[instructions.indexOf(instruction)].get(0);
    }

    private void leave(int index) {
        AbstractInsnNode instruction = instructions.get(index);
        if (instruction.getOpcode() >= 0) {
            handlers.get(index).forEach(handler -> reach(handler, depths[index]));
        }
        BitSet after = after(instruction.getOpcode(), depths[index]);
        targets(instruction).forEach(target -> reach(instructions.indexOf(target), after));
        if (fallsThrough(instruction) && index + 1 < depths.length) {
            reach(index + 1, after);
        }
    }

    private void reach(int index, BitSet added) {
        int known = depths[index].cardinality();
        depths[index].or(added);
        if (depths[index].cardinality() > known) {
            open.push(index);
        }
    }

    private static BitSet after(int opcode, BitSet before) {
        if (opcode != Opcodes.MONITORENTER && opcode != Opcodes.MONITOREXIT) {
            return before;
        }
        int change = opcode == Opcodes.MONITORENTER ? 1 : -1;
        BitSet after = new BitSet();
        before.stream().forEach(depth -> after.set(Math.min(DEEPEST, Math.max(0, depth + change))));
        return after;
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

    /** Whether the next instruction may be executed after {@code instruction}. */
    static boolean fallsThrough(AbstractInsnNode instruction) {
        int opcode = instruction.getOpcode();
        boolean returns = opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
        boolean jumps = opcode == Opcodes.GOTO || opcode == Opcodes.TABLESWITCH || opcode == Opcodes.LOOKUPSWITCH;
        return !returns && !jumps && opcode != Opcodes.ATHROW && opcode != Opcodes.RET;
    }
}
