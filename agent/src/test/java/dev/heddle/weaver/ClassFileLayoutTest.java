package dev.heddle.weaver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.TypeReference;

class ClassFileLayoutTest {

    /** Text in which each character has another number of bytes, and one is not in UTF-8 as it is in class files. */
    private static final String NAME = "p/Na\u00efve\u4e2d\uD83D\uDE00\u0000";

    private static byte[] classFile(int annotationsInCode) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(
                Opcodes.V17,
                Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_RECORD,
                NAME,
                null,
                "java/lang/Record",
                new String[] {"java/lang/Cloneable", "java/io/Serializable"});
        writer.visitRecordComponent("part", "J", "J").visitEnd();
        writer.visitField(Opcodes.ACC_STATIC, "field", "J", null, 1L).visitEnd();
        writer.visitMethod(Opcodes.ACC_ABSTRACT, "bare", "()V", null, new String[] {"p/Failure"})
                .visitEnd();
        for (String name : new String[] {"first", "second"}) {
            MethodVisitor m = writer.visitMethod(Opcodes.ACC_STATIC, name, "()V", null, null);
            int ofReturn =
                    TypeReference.newTypeReference(TypeReference.METHOD_RETURN).getValue();
            m.visitTypeAnnotation(ofReturn, null, "Lp/OfReturn;", true).visitEnd();
            m.visitCode();
            Label start = new Label();
            m.visitLabel(start);
            m.visitLineNumber(1, start);
            m.visitInsn(Opcodes.ACONST_NULL);
            m.visitTypeInsn(Opcodes.CHECKCAST, "p/Other");
            int cast = TypeReference.newTypeArgumentReference(TypeReference.CAST, 0)
                    .getValue();
            for (int i = 0; i < annotationsInCode; i++) {
                m.visitInsnAnnotation(cast, null, "Lp/Visible;", true).visitEnd();
                m.visitInsnAnnotation(cast, null, "Lp/Invisible;", false).visitEnd();
            }
            m.visitInsn(Opcodes.POP);
            m.visitInsn(Opcodes.RETURN);
            Label end = new Label();
            m.visitLabel(end);
            m.visitLocalVariable("n", "I", null, start, end, 0);
            m.visitMaxs(1, 1);
            m.visitEnd();
        }
        return writer.toByteArray();
    }

    @Test
    void readsTheNameOfTheClass() {
        assertEquals(NAME, ClassFileLayout.className(classFile(0)));
    }

    @Test
    void readsTheLengthsOfTheMethodsWithCode() {
        assertEquals(Map.of("first()V", 6, "second()V", 6), ClassFileLayout.codeLengths(classFile(1)));
    }

    @Test
    void readsTheNamesOfAllAttributes() {
        assertEquals(
                Set.of(
                        "Code",
                        "ConstantValue",
                        "Exceptions",
                        "LineNumberTable",
                        "LocalVariableTable",
                        "Record",
                        "RuntimeInvisibleTypeAnnotations",
                        "RuntimeVisibleTypeAnnotations",
                        "Signature"),
                ClassFileLayout.attributeNames(classFile(1)));
    }

    @Test
    void leavesOutTheTypeAnnotationsInMethods() {
        byte[] bare = ClassFileLayout.withoutTypeAnnotationsInCode(classFile(40));
        assertEquals(
                Set.of(
                        "Code",
                        "ConstantValue",
                        "Exceptions",
                        "LineNumberTable",
                        "LocalVariableTable",
                        "Record",
                        "RuntimeVisibleTypeAnnotations",
                        "Signature"),
                ClassFileLayout.attributeNames(bare));
        assertEquals(ClassFileLayout.codeLengths(classFile(40)), ClassFileLayout.codeLengths(bare));
        assertArrayEquals(rewritten(classFile(0)), rewritten(bare));
    }

    @Test
    void copiesAClassFileWithoutSuchAnnotations() {
        byte[] classFile = classFile(0);
        assertArrayEquals(classFile, ClassFileLayout.withoutTypeAnnotationsInCode(classFile));
    }

    @Test
    void refusesAConstantOfAnUnknownKind() {
        byte[] classFile = classFile(0);
        classFile[10] = 2;
        assertEquals(
                "constant 1 has the unknown tag 2",
                assertThrows(IllegalArgumentException.class, () -> ClassFileLayout.className(classFile))
                        .getMessage());
    }

    private static byte[] rewritten(byte[] classFile) {
        ClassWriter writer = new ClassWriter(0);
        ClassParser.parse(classFile, 0).accept(writer);
        return writer.toByteArray();
    }
}
