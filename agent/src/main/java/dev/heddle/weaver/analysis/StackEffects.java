// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/** The depth of the operand stack before each instruction, and the part of it that the instruction leaves untouched. */
final class StackEffects {

    private static final int UNKNOWN = -1;

    private final SourceInterpreter interpreter = new SourceInterpreter();
    private final int[] depths;
    private final int[] untouched;

    StackEffects(MethodNode method) {
        int size = method.instructions.size();
        this.depths = new int[size];
        this.untouched = new int[size];
        TypeState entry = TypeState.onEntry("", (method.access & Opcodes.ACC_STATIC) != 0, method.desc);
        Frame<SourceValue> frame = frame(method, entry);
        for (int index = 0; index < size; index++) {
            AbstractInsnNode instruction = method.instructions.get(index);
            if (instruction instanceof FrameNode declared) {
                frame = frame(method, TypeState.declaredBy(declared, List.of()));
            }
            depths[index] = frame == null ? UNKNOWN : frame.getStackSize();
            untouched[index] = depths[index];
            if (frame != null && instruction.getOpcode() >= 0) {
                untouched[index] = execute(frame, instruction);
                frame = ControlFlow.endsPath(instruction) ? null : frame;
            }
        }
        declareBeforeFrames(method.instructions);
    }

    /** Applies the depth that a frame declares to the labels just before it, too. */
    private void declareBeforeFrames(InsnList instructions) {
        for (int index = depths.length - 2; index >= 0; index--) {
            if (depths[index] == UNKNOWN && instructions.get(index).getOpcode() < 0) {
                depths[index] = depths[index + 1];
                untouched[index] = depths[index + 1];
            }
        }
    }

    /** The number of values on the stack before the instruction at {@code index}; negative if it is never executed. */
    int depth(int index) {
        return depths[index];
    }

    /** The number of these values, from the bottom, that the instruction neither pops nor replaces. */
    int untouched(int index) {
        return untouched[index];
    }

    private int execute(Frame<SourceValue> frame, AbstractInsnNode instruction) {
        List<SourceValue> before = stack(frame);
        try {
            frame.execute(instruction, interpreter);
        } catch (AnalyzerException failure) {
            throw new IllegalStateException("the operand stack does not fit an instruction", failure);
        }
        int same = 0;
        while (same < before.size() && same < frame.getStackSize() && frame.getStack(same) == before.get(same)) {
            same++;
        }
        return same;
    }

    private static List<SourceValue> stack(Frame<SourceValue> frame) {
        List<SourceValue> stack = new ArrayList<>();
        for (int i = 0; i < frame.getStackSize(); i++) {
            stack.add(frame.getStack(i));
        }
        return stack;
    }

    private static Frame<SourceValue> frame(MethodNode method, TypeState state) {
        Frame<SourceValue> frame = new Frame<>(method.maxLocals, method.maxStack);
        for (int slot = 0; slot < method.maxLocals; slot++) {
            frame.setLocal(slot, value(state.local(slot)));
        }
        state.stack().forEach(type -> frame.push(value(type)));
        return frame;
    }

    private static SourceValue value(Object type) {
        return new SourceValue(TypeState.isWide(type) ? 2 : 1);
    }
}
