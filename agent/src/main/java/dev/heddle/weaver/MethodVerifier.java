// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Verifies the code of one method in one pass. The types are tracked from each stack map frame to the next. Wherever
 * control reaches a frame, by the next instruction, a jump or an exception, they must agree with it.
 */
final class MethodVerifier {

    private final ClassNode owner;
    private final MethodNode method;
    private final InsnList instructions;
    private final VerificationRules rules;

    /** The types before the next instruction, or null if only a frame can state them. */
    private @Nullable Frame<BasicValue> current;

    /** The source line of the next instruction, or 0. */
    private int line;

    MethodVerifier(ClassNode owner, MethodNode method, KnownTypes types) {
        this.owner = owner;
        this.method = method;
        this.instructions = method.instructions;
        this.rules = new VerificationRules(types);
    }

    void verify() {
        if (instructions.size() == 0) {
            return;
        }
        current = onEntry();
        for (AbstractInsnNode instruction : instructions) {
            if (instruction instanceof LineNumberNode lineNumber) {
                line = lineNumber.line;
            } else if (instruction instanceof FrameNode declared) {
                Frame<BasicValue> frame = frame(declared);
                if (current != null) {
                    demandAgreement(current, frame, "where the code gets to it");
                }
                current = frame;
            } else if (instruction.getOpcode() >= 0) {
                verify(instruction);
            }
        }
        if (current != null) {
            throw invalid("control falls off the end of the code");
        }
    }

    private void verify(AbstractInsnNode instruction) {
        Frame<BasicValue> types = current;
        if (types == null) {
            throw invalid("there is no stack map frame after a jump, return or throw");
        }
        int index = instructions.indexOf(instruction);
        for (TryCatchBlockNode handler : method.tryCatchBlocks) {
            if (instructions.indexOf(handler.start) <= index && index < instructions.indexOf(handler.end)) {
                demandAgreement(thrown(types, handler), frameAt(handler.handler), "of an exception handler");
            }
        }
        execute(instruction, types);
        for (LabelNode target : targets(instruction)) {
            demandAgreement(types, frameAt(target), "at the target of a jump");
        }
        if (endsPath(instruction)) {
            current = null;
        }
    }

    private void execute(AbstractInsnNode instruction, Frame<BasicValue> types) {
        BasicValue constructed = null;
        if (VerificationRules.isConstructorCall(instruction)) {
            int arguments = Type.getArgumentTypes(((MethodInsnNode) instruction).desc).length;
            int receiver = types.getStackSize() - 1 - arguments;
            constructed = receiver >= 0 ? types.getStack(receiver) : null;
        }
        try {
            types.execute(instruction, rules);
        } catch (AnalyzerException | IndexOutOfBoundsException failure) {
            throw invalid(String.valueOf(failure.getMessage()));
        }
        if (constructed instanceof VerificationRules.Uninitialized object) {
            initialize(types, object);
        }
        int depth = 0;
        for (int i = 0; i < types.getStackSize(); i++) {
            depth += types.getStack(i).getSize();
        }
        if (depth > method.maxStack) {
            throw invalid("the operand stack is " + depth + " deep, beyond its maximum of " + method.maxStack);
        }
    }

    private static void initialize(Frame<BasicValue> types, VerificationRules.Uninitialized object) {
        BasicValue initialized = new BasicValue(object.getType());
        for (int i = 0; i < types.getLocals(); i++) {
            if (types.getLocal(i).equals(object)) {
                types.setLocal(i, initialized);
            }
        }
        for (int i = 0; i < types.getStackSize(); i++) {
            if (types.getStack(i).equals(object)) {
                types.setStack(i, initialized);
            }
        }
    }

    private Frame<BasicValue> onEntry() {
        Frame<BasicValue> frame = emptyFrame();
        int slot = 0;
        if ((method.access & Opcodes.ACC_STATIC) == 0) {
            frame.setLocal(slot++, new BasicValue(Type.getObjectType(owner.name)));
        }
        for (Type argument : Type.getArgumentTypes(method.desc)) {
            frame.setLocal(slot, rules.newValue(argument));
            slot += argument.getSize();
        }
        return frame;
    }

    private Frame<BasicValue> emptyFrame() {
        Frame<BasicValue> frame = new Frame<>(method.maxLocals, method.maxStack);
        Type result = Type.getReturnType(method.desc);
        frame.setReturn(result.equals(Type.VOID_TYPE) ? null : rules.newValue(result));
        for (int slot = 0; slot < method.maxLocals; slot++) {
            frame.setLocal(slot, BasicValue.UNINITIALIZED_VALUE);
        }
        return frame;
    }

    private Frame<BasicValue> frame(FrameNode declared) {
        Frame<BasicValue> frame = emptyFrame();
        int slot = 0;
        for (Object type : declared.local == null ? List.of() : declared.local) {
            BasicValue value = value(type);
            if (slot + value.getSize() > method.maxLocals) {
                throw invalid("a stack map frame has more locals than the maximum of " + method.maxLocals);
            }
            frame.setLocal(slot, value);
            slot += value.getSize();
        }
        for (Object type : declared.stack == null ? List.of() : declared.stack) {
            if (frame.getStackSize() == method.maxStack) {
                throw invalid("a stack map frame has more operands than the maximum of " + method.maxStack);
            }
            if (type.equals(Opcodes.TOP)) {
                throw invalid("a stack map frame has an operand that is unset, which no instruction takes");
            }
            frame.push(value(type));
        }
        return frame;
    }

    private BasicValue value(Object type) {
        if (type instanceof LabelNode label) {
            return new VerificationRules.Uninitialized(instructionAt(label));
        }
        if (type instanceof String name) {
            return new BasicValue(Type.getObjectType(name));
        }
        if (type.equals(Opcodes.NULL)) {
            return new BasicValue(BasicInterpreter.NULL_TYPE);
        }
        if (type.equals(Opcodes.UNINITIALIZED_THIS)) {
            return new BasicValue(Type.getObjectType(owner.name)); // constructors are not woven
        }
        if (type.equals(Opcodes.INTEGER)) {
            return BasicValue.INT_VALUE;
        }
        if (type.equals(Opcodes.FLOAT)) {
            return BasicValue.FLOAT_VALUE;
        }
        if (type.equals(Opcodes.LONG)) {
            return BasicValue.LONG_VALUE;
        }
        return type.equals(Opcodes.DOUBLE) ? BasicValue.DOUBLE_VALUE : BasicValue.UNINITIALIZED_VALUE;
    }

    /**
     * The types that a handler finds when an instruction throws: the locals are unchanged, and the stack has the
     * exception.
     */
    private Frame<BasicValue> thrown(Frame<BasicValue> types, TryCatchBlockNode handler) {
        Frame<BasicValue> thrown = new Frame<>(method.maxLocals, Math.max(1, method.maxStack));
        for (int slot = 0; slot < method.maxLocals; slot++) {
            thrown.setLocal(slot, types.getLocal(slot));
        }
        String type = handler.type == null ? "java/lang/Throwable" : handler.type;
        thrown.push(new BasicValue(Type.getObjectType(type)));
        return thrown;
    }

    private Frame<BasicValue> frameAt(LabelNode target) {
        for (AbstractInsnNode node = target; node != null && node.getOpcode() < 0; node = node.getNext()) {
            if (node instanceof FrameNode declared) {
                return frame(declared);
            }
        }
        throw invalid("there is no stack map frame at the target of a jump or at an exception handler");
    }

    private AbstractInsnNode instructionAt(LabelNode label) {
        AbstractInsnNode node = label;
        while (node != null && node.getOpcode() < 0) {
            node = node.getNext();
        }
        if (node == null || node.getOpcode() != Opcodes.NEW) {
            throw invalid("a stack map frame names an object that no new instruction makes");
        }
        return node;
    }

    private void demandAgreement(Frame<BasicValue> types, Frame<BasicValue> declared, String where) {
        if (types.getStackSize() != declared.getStackSize()) {
            throw invalid("a stack map frame " + where + " has " + declared.getStackSize() + " operands, but there are "
                    + types.getStackSize());
        }
        for (int i = 0; i < types.getStackSize(); i++) {
            demandAgreement("operand", i, types.getStack(i), declared.getStack(i), where);
        }
        for (int i = 0; i < types.getLocals(); i++) {
            demandAgreement("local", i, types.getLocal(i), declared.getLocal(i), where);
        }
    }

    private void demandAgreement(String kind, int number, BasicValue value, BasicValue declared, String where) {
        if (!rules.isSubTypeOf(value, declared)) {
            throw invalid("a stack map frame " + where + " says that " + kind + " " + number + " is " + named(declared)
                    + ", but it is " + named(value));
        }
    }

    private static String named(BasicValue value) {
        if (value instanceof VerificationRules.Uninitialized) {
            return value.toString();
        }
        return value.getType() == null ? "unset" : value.getType().getClassName();
    }

    private static List<LabelNode> targets(AbstractInsnNode instruction) {
        if (instruction instanceof JumpInsnNode jump) {
            return List.of(jump.label);
        }
        if (instruction instanceof TableSwitchInsnNode table) {
            return with(table.labels, table.dflt);
        }
        return instruction instanceof LookupSwitchInsnNode lookup ? with(lookup.labels, lookup.dflt) : List.of();
    }

    private static List<LabelNode> with(List<LabelNode> labels, LabelNode otherwise) {
        List<LabelNode> all = new ArrayList<>(labels);
        all.add(otherwise);
        return all;
    }

    private static boolean endsPath(AbstractInsnNode instruction) {
        int opcode = instruction.getOpcode();
        return opcode == Opcodes.GOTO
                || opcode == Opcodes.TABLESWITCH
                || opcode == Opcodes.LOOKUPSWITCH
                || opcode == Opcodes.ATHROW
                || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
    }

    private IllegalStateException invalid(String problem) {
        String at = line > 0 ? " (line " + line + ")" : "";
        return new IllegalStateException("method " + method.name + method.desc + at + ": " + problem);
    }
}
