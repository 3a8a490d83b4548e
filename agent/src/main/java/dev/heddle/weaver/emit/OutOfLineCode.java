package dev.heddle.weaver.emit;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;

/**
 * The code of a body behind the code as compiled. It runs only when the method suspends and when it is resumed.
 *
 * <p>Every instruction here belongs to a line of the method: that of its await, of the header of its loop, or else the first
 * one. Debuggers take line 0 for an error, and a step ends as soon as the line changes. On the other hand, a breakpoint is
 * set wherever the code of its line begins, and must stop before the await only. So each stretch of lines begins with an
 * instruction that nothing jumps to.
 */
final class OutOfLineCode {

    private final Snippet code = new Snippet();
    private final int firstLine;
    private int line;

    /**
     * Starts without any code.
     *
     * @param firstLine the line of code whose own is unknown; 0 if the method has no lines
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

    /** A copy of the frame that {@code block} begins with. */
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
