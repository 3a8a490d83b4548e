// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.analysis.TypeState;
import java.util.SortedMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** A sequence of instructions under construction. */
final class Snippet {

    private final InsnList instructions = new InsnList();

    InsnList instructions() {
        return instructions;
    }

    Snippet add(AbstractInsnNode instruction) {
        instructions.add(instruction);
        return this;
    }

    Snippet add(Snippet snippet) {
        instructions.add(snippet.instructions);
        return this;
    }

    Snippet op(int... opcodes) {
        for (int opcode : opcodes) {
            add(new InsnNode(opcode));
        }
        return this;
    }

    Snippet label(LabelNode label) {
        return add(label);
    }

    /** A stack map frame, which every jump target needs. */
    Snippet frame(TypeState state) {
        Object[] locals = state.frameLocals();
        Object[] stack = state.stack().toArray();
        return add(new FrameNode(Opcodes.F_NEW, locals.length, locals, stack.length, stack));
    }

    /** Makes the following instructions belong to {@code line}, unless that is 0. */
    Snippet line(int line) {
        if (line > 0) {
            LabelNode start = new LabelNode();
            add(start).add(new LineNumberNode(line, start));
        }
        return this;
    }

    Snippet jump(int opcode, LabelNode target) {
        return add(new JumpInsnNode(opcode, target));
    }

    /** Pops an int and goes to its target. */
    Snippet select(SortedMap<Integer, LabelNode> targets, LabelNode otherwise) {
        if (targets.isEmpty()) {
            return op(Opcodes.POP).jump(Opcodes.GOTO, otherwise);
        }
        int first = targets.firstKey();
        int last = targets.lastKey();
        if (last - first >= 2 * targets.size()) {
            int[] keys = targets.keySet().stream().mapToInt(Integer::intValue).toArray();
            return add(
                    new LookupSwitchInsnNode(otherwise, keys, targets.values().toArray(LabelNode[]::new)));
        }
        LabelNode[] table = IntStream.rangeClosed(first, last)
                .mapToObj(key -> targets.getOrDefault(key, otherwise))
                .toArray(LabelNode[]::new);
        return add(new TableSwitchInsnNode(first, last, otherwise, table));
    }

    /** Pushes an int that is -1 or not negative. */
    Snippet push(int value) {
        if (value <= 5) {
            return op(Opcodes.ICONST_0 + value);
        }
        if (value <= Byte.MAX_VALUE) {
            return add(new IntInsnNode(Opcodes.BIPUSH, value));
        }
        return value <= Short.MAX_VALUE ? add(new IntInsnNode(Opcodes.SIPUSH, value)) : constant(value);
    }

    Snippet constant(Object value) {
        return add(new LdcInsnNode(value));
    }

    /** Loads the local in {@code slot}. */
    Snippet load(Object type, int slot) {
        return add(new VarInsnNode(opcode(type, Opcodes.ILOAD), slot));
    }

    /** Stores into the local in {@code slot}. */
    Snippet store(Object type, int slot) {
        return add(new VarInsnNode(opcode(type, Opcodes.ISTORE), slot));
    }

    Snippet aload(int slot) {
        return add(new VarInsnNode(Opcodes.ALOAD, slot));
    }

    Snippet astore(int slot) {
        return add(new VarInsnNode(Opcodes.ASTORE, slot));
    }

    Snippet type(int opcode, String internalName) {
        return add(new TypeInsnNode(opcode, internalName));
    }

    Snippet field(int opcode, String owner, String name, String descriptor) {
        return add(new FieldInsnNode(opcode, owner, name, descriptor));
    }

    Snippet invokeStatic(String owner, String name, String descriptor) {
        return add(new MethodInsnNode(Opcodes.INVOKESTATIC, owner, name, descriptor, false));
    }

    Snippet invokeVirtual(String owner, String name, String descriptor) {
        return add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, owner, name, descriptor, false));
    }

    Snippet invokeConstructor(String owner, String descriptor) {
        return add(new MethodInsnNode(Opcodes.INVOKESPECIAL, owner, "<init>", descriptor, false));
    }

    /** Pushes the null or zero that replaces a value of {@code type} that is not read again. */
    Snippet pushDefault(Object type) {
        if (type.equals(Opcodes.INTEGER)) {
            return op(Opcodes.ICONST_0);
        }
        if (type.equals(Opcodes.FLOAT)) {
            return op(Opcodes.FCONST_0);
        }
        if (type.equals(Opcodes.LONG)) {
            return op(Opcodes.LCONST_0);
        }
        return op(type.equals(Opcodes.DOUBLE) ? Opcodes.DCONST_0 : Opcodes.ACONST_NULL);
    }

    /** Drops a value of {@code type}. */
    Snippet drop(Object type) {
        return op(TypeState.isWide(type) ? Opcodes.POP2 : Opcodes.POP);
    }

    /** Stores a default value into each local of {@code state} that {@code needed} accepts. */
    Snippet storeDefaults(TypeState state, IntPredicate needed) {
        for (int slot = 0; slot < state.locals().size(); slot++) {
            Object type = state.local(slot);
            if (!type.equals(Opcodes.TOP) && needed.test(slot)) {
                pushDefault(type).store(type, slot);
            }
        }
        return this;
    }

    /**
     * The load or store opcode for {@code type}. The opcodes for int, long, float, double and reference are
     * consecutive.
     */
    private static int opcode(Object type, int forInt) {
        if (type.equals(Opcodes.INTEGER)) {
            return forInt;
        }
        if (type.equals(Opcodes.LONG)) {
            return forInt + 1;
        }
        if (type.equals(Opcodes.FLOAT)) {
            return forInt + 2;
        }
        return type.equals(Opcodes.DOUBLE) ? forInt + 3 : forInt + 4;
    }
}
