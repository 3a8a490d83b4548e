// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;

/**
 * The code of a body after the code as compiled. It runs only when the method suspends and when it is resumed.
 *
 * <p>Every instruction here belongs to a line of the method: the line of its await, the line of its loop's header, or else
 * the first line. Debuggers treat line 0 as an error, and a step ends as soon as the line changes. On the other hand, a
 * breakpoint is set wherever code of its line begins, and must stop only before the await. So each run of instructions
 * with the same line begins with an instruction to which nothing jumps.
 */
final class OutOfLineCode {

    private final Snippet code = new Snippet();
    private final int firstLine;
    private int line;

    /**
     * Starts without any code.
     *
     * @param firstLine the line for code whose line is unknown; 0 if the method has no lines
     */
    OutOfLineCode(int firstLine) {
        this.firstLine = firstLine;
    }

    InsnList instructions() {
        return code.instructions();
    }

    /** Adds {@code block}, which begins with a stack map frame, as code of {@code lineOfBlock}, which may be 0. */
    void add(int lineOfBlock, Snippet block) {
        int known = lineOfBlock > 0 ? lineOfBlock : firstLine;
        if (known != line) {
            LabelNode start = new LabelNode();
            code.label(start)
                    .add(new LineNumberNode(known, start))
                    .add(firstFrame(block))
                    .op(Opcodes.NOP); // never executed, see above
            line = known;
        }
        code.add(block);
    }

    /** A copy of the frame with which {@code block} begins. */
    private static FrameNode firstFrame(Snippet block) {
        AbstractInsnNode node = block.instructions().getFirst();
        while (!(node instanceof FrameNode)) {
            node = node.getNext();
        }
        FrameNode frame = (FrameNode) node;
        return new FrameNode(
                Opcodes.F_NEW, frame.local.size(), frame.local.toArray(), frame.stack.size(), frame.stack.toArray());
    }
}
