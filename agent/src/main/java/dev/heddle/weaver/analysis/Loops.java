// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;

/**
 * The natural loops of a method. Loops with the same header count as one. A cycle with two entries has no header and is
 * not a loop.
 */
final class Loops {

    private final ControlFlow flow;
    private final InsnList instructions;
    private final Map<Integer, List<Integer>> predecessors = new HashMap<>();

    /** The blocks of each loop by the number of its header. */
    private final Map<Integer, BitSet> bodies = new HashMap<>();

    private final Map<Integer, Loop> loops = new HashMap<>();

    Loops(ControlFlow flow, InsnList instructions) {
        this.flow = flow;
        this.instructions = instructions;
        Dominators dominators = new Dominators(flow);
        for (BasicBlock block : flow.blocks()) {
            if (flow.isReachable(block)) {
                successors(block)
                        .forEach(target -> predecessors
                                .computeIfAbsent(target, key -> new ArrayList<>())
                                .add(block.number()));
            }
        }
        for (BasicBlock block : flow.blocks()) {
            for (int target : successors(block)) {
                if (dominators.dominates(target, block.number())) {
                    addBody(target, block.number());
                }
            }
        }
    }

    /** The innermost loop around {@code instruction}, or null. */
    @Nullable
    Loop around(AbstractInsnNode instruction) {
        int block = flow.blockOf(instruction).number();
        Loop loop = null;
        List<Integer> headers = bodies.keySet().stream()
                .filter(header -> body(header).get(block))
                .sorted(Comparator.comparingInt(header -> -body(header).cardinality()))
                .toList();
        for (int header : headers) {
            Loop outer = loop;
            loop = loops.computeIfAbsent(header, key -> new Loop(frameAt(key), outer));
        }
        return loop;
    }

    private static List<Integer> successors(BasicBlock block) {
        List<Integer> successors = new ArrayList<>(block.successors());
        successors.addAll(block.handlers());
        return successors;
    }

    private BitSet body(int header) {
        return bodies.computeIfAbsent(header, key -> new BitSet());
    }

    /**
     * Adds the blocks that reach {@code source}, which jumps back to {@code header}, without passing through
     * {@code header}.
     */
    private void addBody(int header, int source) {
        BitSet body = body(header);
        body.set(header);
        Deque<Integer> open = new ArrayDeque<>();
        open.push(source);
        while (!open.isEmpty()) {
            int block = open.pop();
            if (!body.get(block)) {
                body.set(block);
                open.addAll(predecessors.getOrDefault(block, List.of()));
            }
        }
    }

    /** The frame at the start of a block that is a jump target. The verifier requires it (JVMS 4.10.1). */
    private FrameNode frameAt(int block) {
        AbstractInsnNode instruction = instructions.get(flow.blocks().get(block).start());
        while (!(instruction instanceof FrameNode)) {
            if (instruction.getOpcode() >= 0) {
                throw new IllegalStateException("no stack map frame at the target of a jump back");
            }
            instruction = instruction.getNext();
        }
        return (FrameNode) instruction;
    }
}
