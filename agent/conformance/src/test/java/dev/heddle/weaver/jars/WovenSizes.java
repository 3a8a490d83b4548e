package dev.heddle.weaver.jars;

import dev.heddle.weaver.RuntimeNames;
import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** How many bytes of code the bodies of a woven class have. */
final class WovenSizes {

    /**
     * The size of one body.
     *
     * @param total all of it
     * @param hot the code that is executed while nothing suspends. It precedes the code that suspends and resumes
     */
    record Size(int total, int hot) {}

    private WovenSizes() {}

    /** By the names of the methods. */
    static Map<String, Size> of(byte[] woven) {
        ClassNode node = new ClassNode();
        new ClassReader(woven).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Map<String, Size> sizes = new HashMap<>();
        for (MethodNode method : node.methods) {
            if (method.desc.endsWith(RuntimeNames.BODY_DESCRIPTOR_END)) {
                InsnList code = method.instructions;
                sizes.put(method.name, new Size(size(code, code.size()), size(code, endOfHotCode(code))));
            }
        }
        return sizes;
    }

    /** The first target of the jump at the start, and of the jumps at the headers of loops, which test the state. */
    private static int endOfHotCode(InsnList code) {
        int end = code.size();
        int state = -1;
        boolean started = false;
        for (AbstractInsnNode instruction : code) {
            if (!started && instruction.getOpcode() == Opcodes.ISTORE) {
                state = ((VarInsnNode) instruction).var;
            }
            boolean testsFrame = !started && instruction.getOpcode() == Opcodes.IFNONNULL;
            boolean testsState = instruction.getOpcode() == Opcodes.IFNE
                    && instruction.getPrevious() instanceof VarInsnNode load
                    && load.var == state;
            if (testsFrame || testsState) {
                end = Math.min(end, code.indexOf(((JumpInsnNode) instruction).label));
                started = true;
            }
        }
        return end;
    }

    private static int size(InsnList code, int end) {
        CodeSizeEvaluator size = new CodeSizeEvaluator(Opcodes.ASM9, null) {};
        AbstractInsnNode instruction = code.getFirst();
        for (int i = 0; i < end; i++) {
            instruction.accept(size);
            instruction = instruction.getNext();
        }
        return size.getMinSize();
    }
}
