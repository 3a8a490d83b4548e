package dev.heddle.weaver.emit;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.SerialVersionUIDAdder;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/** Raises the version of old class files, and keeps what it would forbid. */
final class ClassFileVersion {

    /** Java 11, the first with dynamic constants (JVMS 4.4.10). */
    private static final int DYNAMIC_CONSTANTS = Opcodes.V11;

    /** Java 9, the first where a final field is assigned by initialisers only (JVMS 6.5.putfield, 6.5.putstatic). */
    private static final int STRICT_FINAL_FIELDS = Opcodes.V9;

    private ClassFileVersion() {}

    /** Raises the version of {@code node} to the first with dynamic constants, unless it is as new. */
    static void raise(ClassNode node) {
        int version = node.version & 0xFFFF;
        if (version < STRICT_FINAL_FIELDS) {
            unlockFinalFields(node);
        }
        if (version < DYNAMIC_CONSTANTS) {
            node.version = DYNAMIC_CONSTANTS;
        }
    }

    /** The compiler of Scala 2.12, for one, lets the constructor of an object assign its static final field. */
    private static void unlockFinalFields(ClassNode node) {
        Set<String> assigned = new HashSet<>();
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof FieldInsnNode access
                        && access.owner.equals(node.name)
                        && isAssignmentOutsideInitialiser(access, method)) {
                    assigned.add(access.name + access.desc);
                }
            }
        }
        if (assigned.isEmpty()) {
            return;
        }
        keepSerialVersion(node);
        for (FieldNode field : node.fields) {
            if (assigned.contains(field.name + field.desc)) {
                field.access &= ~Opcodes.ACC_FINAL;
            }
        }
    }

    private static boolean isAssignmentOutsideInitialiser(FieldInsnNode access, MethodNode method) {
        return switch (access.getOpcode()) {
            case Opcodes.PUTFIELD -> !method.name.equals("<init>");
            case Opcodes.PUTSTATIC -> !method.name.equals("<clinit>");
            default -> false;
        };
    }

    /**
     * Declares the version that serialisation would compute of the class as compiled, from its final fields too (Java Object
     * Serialization Specification 4.6). Whether it is serialisable cannot be seen.
     */
    private static void keepSerialVersion(ClassNode node) {
        node.accept(new SerialVersionUIDAdder(Opcodes.ASM9, null) {
            @Override
            protected void addSVUID(long version) {
                int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC;
                node.fields.add(new FieldNode(access, "serialVersionUID", "J", null, version));
            }
        });
    }
}
