// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.SimpleVerifier;

/** The operand types that each instruction requires, and the types of its results (JVMS 4.10.1.9). */
final class VerificationRules extends SimpleVerifier {

    /** An object whose constructor has not been called (JVMS 4.10.1.2). */
    static final class Uninitialized extends BasicValue {

        private final AbstractInsnNode creation;

        /**
         * The object that {@code creation} creates.
         *
         * @param creation a {@code new} instruction
         */
        Uninitialized(AbstractInsnNode creation) {
            super(Type.getObjectType(((TypeInsnNode) creation).desc));
            this.creation = creation;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Uninitialized uninitialized && uninitialized.creation == creation;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(creation);
        }

        @Override
        public String toString() {
            return "uninitialized " + getType().getInternalName();
        }
    }

    private static final BasicValue THROWABLE = new BasicValue(Type.getObjectType("java/lang/Throwable"));

    private final KnownTypes types;

    VerificationRules(KnownTypes types) {
        super(Opcodes.ASM9, null, null, null, false);
        this.types = types;
    }

    @Override
    public BasicValue newOperation(AbstractInsnNode instruction) throws AnalyzerException {
        return instruction.getOpcode() == Opcodes.NEW
                ? new Uninitialized(instruction)
                : super.newOperation(instruction);
    }

    @Override
    public @Nullable BasicValue unaryOperation(AbstractInsnNode instruction, BasicValue value)
            throws AnalyzerException {
        BasicValue demanded = switch (instruction.getOpcode()) {
            case Opcodes.ATHROW -> THROWABLE;
            case Opcodes.CHECKCAST, Opcodes.INSTANCEOF -> BasicValue.REFERENCE_VALUE;
            default -> value;
        };
        if (!isSubTypeOf(value, demanded)) {
            throw new AnalyzerException(instruction, null, demanded, value);
        }
        return super.unaryOperation(instruction, value);
    }

    @Override
    public BasicValue naryOperation(AbstractInsnNode instruction, List<? extends BasicValue> values)
            throws AnalyzerException {
        if (!isConstructorCall(instruction) || !(values.get(0) instanceof Uninitialized object)) {
            return super.naryOperation(instruction, values);
        }
        List<BasicValue> initialized = new ArrayList<>(values);
        initialized.set(0, new BasicValue(object.getType()));
        return super.naryOperation(instruction, initialized);
    }

    static boolean isConstructorCall(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && call.name.equals("<init>");
    }

    /** Whether {@code value} is allowed where {@code expected} is required. */
    @Override
    protected boolean isSubTypeOf(BasicValue value, BasicValue expected) {
        if (expected.equals(BasicValue.UNINITIALIZED_VALUE) || value.equals(expected)) {
            return true;
        }
        boolean areInitialized = !(value instanceof Uninitialized) && !(expected instanceof Uninitialized);
        return areInitialized
                && value.isReference()
                && expected.isReference()
                && types.mayBeAssigned(value.getType(), expected.getType());
    }
}
