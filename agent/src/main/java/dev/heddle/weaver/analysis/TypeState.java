// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;

/**
 * The verification types (JVMS 4.10.1.2) of the locals and the operand stack at one point, as ASM writes them in a
 * frame: a constant of {@link Opcodes} or an internal name. An uninitialised object is {@link Opcodes#NULL} here, since
 * the woven method keeps a null in its place.
 *
 * @param locals one element per slot; the second slot of a {@code long} or {@code double} is {@link Opcodes#TOP}
 * @param stack one element per value, the bottom first
 */
public record TypeState(List<Object> locals, List<Object> stack) {

    /** Creates a state that is independent of later changes of the lists. */
    public TypeState {
        locals = List.copyOf(locals);
        stack = List.copyOf(stack);
    }

    /** The state at the entry of a method, with the receiver first if there is one. */
    public static TypeState onEntry(String owner, boolean isStatic, String descriptor) {
        List<Object> locals = new ArrayList<>();
        if (!isStatic) {
            locals.add(owner);
        }
        for (Type argument : Type.getArgumentTypes(descriptor)) {
            Object type = verificationType(argument);
            locals.add(type);
            if (isWide(type)) {
                locals.add(Opcodes.TOP);
            }
        }
        return new TypeState(locals, List.of());
    }

    /**
     * The types that an expanded frame declares.
     *
     * @param placeholders labels of objects that are replaced by a null
     */
    public static TypeState declaredBy(FrameNode frame, Collection<LabelNode> placeholders) {
        UnaryOperator<Object> replaced =
                type -> type instanceof LabelNode label && placeholders.contains(label) ? Opcodes.NULL : type;
        List<Object> locals = frame.local == null ? List.of() : frame.local;
        List<Object> stack = frame.stack == null ? List.of() : frame.stack;
        return new TypeState(
                bySlot(locals).stream().map(replaced).toList(),
                stack.stream().map(replaced).toList());
    }

    /** The types by slot, from the locals of an expanded frame, which has one element per value. */
    static List<Object> bySlot(List<Object> frameLocals) {
        List<Object> slots = new ArrayList<>();
        for (Object type : frameLocals) {
            slots.add(type);
            if (isWide(type)) {
                slots.add(Opcodes.TOP);
            }
        }
        return slots;
    }

    /** The position of the value in {@code slot} among an expanded frame's locals. */
    static int positionOf(int slot, List<Object> frameLocals) {
        int position = 0;
        for (int next = 0; next < slot; position++) {
            next += isWide(frameLocals.get(position)) ? 2 : 1;
        }
        return position;
    }

    /** Whether a value of {@code type} takes two slots. */
    public static boolean isWide(Object type) {
        return type.equals(Opcodes.LONG) || type.equals(Opcodes.DOUBLE);
    }

    /** Whether {@code type} is primitive. */
    public static boolean isPrimitive(Object type) {
        return type.equals(Opcodes.INTEGER) || type.equals(Opcodes.FLOAT) || isWide(type);
    }

    /** The type of the local in {@code slot}, {@link Opcodes#TOP} beyond the last one. */
    public Object local(int slot) {
        return slot < locals.size() ? locals.get(slot) : Opcodes.TOP;
    }

    /** This state without the topmost {@code count} values of the stack. */
    public TypeState pop(int count) {
        return new TypeState(locals, stack.subList(0, stack.size() - count));
    }

    /** This state with one more value on the stack. */
    public TypeState push(Object type) {
        List<Object> pushed = new ArrayList<>(stack);
        pushed.add(type);
        return new TypeState(locals, pushed);
    }

    /** This state with {@code types} in the slots from {@code slot} on, whatever was in them. */
    public TypeState with(int slot, Object... types) {
        List<Object> changed = new ArrayList<>(locals);
        while (changed.size() < slot + types.length) {
            changed.add(Opcodes.TOP);
        }
        for (int i = 0; i < types.length; i++) {
            changed.set(slot + i, types[i]);
        }
        return new TypeState(changed, stack);
    }

    /** The locals as an expanded frame lists them, with one element per value. */
    public Object[] frameLocals() {
        List<Object> values = new ArrayList<>();
        for (int slot = 0; slot < locals.size(); slot++) {
            Object type = locals.get(slot);
            values.add(type);
            if (isWide(type)) {
                slot++;
            }
        }
        return values.toArray();
    }

    private static Object verificationType(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.LONG -> Opcodes.LONG;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> type.getInternalName();
        };
    }
}
