// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.BitSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.VarInsnNode;

/** The locals that a method may still read after a point, by backward data flow over its blocks and handlers. */
final class Liveness {

    private final ControlFlow flow;
    private final InsnList instructions;
    private final BitSet[] liveAtStart;

    Liveness(ControlFlow flow, InsnList instructions) {
        this.flow = flow;
        this.instructions = instructions;
        this.liveAtStart = new BitSet[flow.blocks().size()];
        for (int i = 0; i < liveAtStart.length; i++) {
            liveAtStart[i] = new BitSet();
        }
        solve();
    }

    /** The locals that are live after {@code instruction}, whether it completes or throws. */
    BitSet after(AbstractInsnNode instruction) {
        BasicBlock block = flow.blockOf(instruction);
        return before(block, instructions.indexOf(instruction) + 1);
    }

    private void solve() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int number = liveAtStart.length - 1; number >= 0; number--) {
                BasicBlock block = flow.blocks().get(number);
                BitSet live = before(block, block.start());
                if (!live.equals(liveAtStart[number])) {
                    liveAtStart[number] = live;
                    changed = true;
                }
            }
        }
    }

    /** The locals that are live before the instruction at {@code index}, which is in {@code block} or just after it. */
    private BitSet before(BasicBlock block, int index) {
        BitSet caught = new BitSet();
        block.handlers().forEach(handler -> caught.or(liveAtStart[handler]));
        BitSet live = (BitSet) caught.clone();
        block.successors().forEach(successor -> live.or(liveAtStart[successor]));
        for (int i = block.end() - 1; i >= index; i--) {
            transfer(instructions.get(i), live);
            live.or(caught);
        }
        return live;
    }

    private static void transfer(AbstractInsnNode instruction, BitSet live) {
        if (instruction instanceof IincInsnNode increment) {
            live.set(increment.var);
        } else if (instruction instanceof VarInsnNode access) {
            boolean isLoad = access.getOpcode() >= Opcodes.ILOAD && access.getOpcode() <= Opcodes.ALOAD;
            live.set(access.var, isLoad);
        }
    }
}
