package dev.heddle.weaver.handmade;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.refusals.RefusedClass;
import java.io.ObjectStreamClass;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/** Class files older than Java 7 have no stack map frames, and may have subroutines (JVMS 4.10.2.6). */
class OldClassFileTest {

    @Test
    void classFileWithoutStackMapFrames() {
        RefusedClass bad = RefusedClass.of("""
                    static void nothing() {}
                """);
        byte[] classFile = bad.classFiles().get(RefusedClass.NAME).clone();
        classFile[7] = 50; // Java 6
        List<Refusal> refusals = Weaver.weave(classFile).refusals();
        assertEquals(
                List.of(RefusedClass.NAME
                        + ".fine (Refused.java:13): class file version 50 is older than Java 7 and has no stack map "
                        + "frames; compile it with --release 8 or later"),
                refusals.stream().map(Refusal::message).toList());
    }

    @Test
    void subroutines() throws ClassNotFoundException {
        byte[] classFile = new HandMade(Opcodes.V1_4, ClassWriter.COMPUTE_MAXS)
                .shape("awaits", OldClassFileTest::awaitsInSubroutine)
                .classFile();
        String message =
                "target.HandMade.awaits (HandMade.java:7): class file version 48 is older than Java 7 and has no "
                        + "stack map frames; compile it with --release 8 or later";
        assertEquals(
                List.of(message),
                Weaver.weave(classFile).refusals().stream()
                        .map(Refusal::message)
                        .toList());
        TargetLoader loader = new TargetLoader(
                HandMade.NAME,
                Map.of(HandMade.NAME, classFile),
                bytes -> Weaver.weave(bytes).classFile());
        assertEquals(
                List.of("threw java.lang.IllegalStateException: " + message),
                Shapes.outcome(
                        Class.forName(HandMade.NAME, true, loader), "awaits", new Script(n -> true, n -> false)));
    }

    /** Scala objects are like this: allowed up to version 52, and weaving raises the version (JVMS 6.5.putstatic). */
    @TestFactory
    Stream<DynamicTest> finalFieldsAssignedOutsideTheirInitialisers() {
        HandMade made = new HandMade(Opcodes.V1_8, ClassWriter.COMPUTE_MAXS);
        made.field(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, "shared");
        made.field(Opcodes.ACC_FINAL, "own");
        return made.shape("assigns", OldClassFileTest::assignsFinalFields).tests();
    }

    /** The version that serialisation computes of a class depends on which of its fields are final. */
    @Test
    void serialVersionOfAClassWhoseFieldsAreFinalNoMore() throws ClassNotFoundException {
        HandMade made = new HandMade(Opcodes.V1_8, ClassWriter.COMPUTE_MAXS);
        made.field(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, "shared");
        made.field(Opcodes.ACC_FINAL, "own");
        byte[] classFile = serializable(
                made.shape("assigns", OldClassFileTest::assignsFinalFields).classFile());
        assertEquals(serialVersion(classFile), serialVersion(TargetLoader.weave(classFile)));
    }

    private static byte[] serializable(byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, 0);
        node.interfaces.add("java/io/Serializable");
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    private static long serialVersion(byte[] classFile) throws ClassNotFoundException {
        TargetLoader loader = new TargetLoader(HandMade.NAME, Map.of(HandMade.NAME, classFile), bytes -> bytes);
        return ObjectStreamClass.lookup(Class.forName(HandMade.NAME, true, loader))
                .getSerialVersionUID();
    }

    private static void assignsFinalFields(MethodVisitor m) {
        HandMade.await(m, 0, "a");
        m.visitFieldInsn(Opcodes.PUTSTATIC, HandMade.OWNER, "shared", "Ljava/lang/String;");
        m.visitTypeInsn(Opcodes.NEW, HandMade.OWNER);
        m.visitInsn(Opcodes.DUP);
        m.visitMethodInsn(Opcodes.INVOKESPECIAL, HandMade.OWNER, "<init>", "()V", false);
        m.visitInsn(Opcodes.DUP);
        HandMade.await(m, 0, "b");
        m.visitFieldInsn(Opcodes.PUTFIELD, HandMade.OWNER, "own", "Ljava/lang/String;");
        m.visitFieldInsn(Opcodes.GETFIELD, HandMade.OWNER, "own", "Ljava/lang/String;");
        m.visitFieldInsn(Opcodes.GETSTATIC, HandMade.OWNER, "shared", "Ljava/lang/String;");
        HandMade.join(m);
    }

    private static void awaitsInSubroutine(MethodVisitor m) {
        Label subroutine = new Label();
        Label line = new Label();
        Label end = new Label();
        m.visitLabel(line);
        m.visitLineNumber(7, line);
        m.visitJumpInsn(Opcodes.JSR, subroutine);
        m.visitJumpInsn(Opcodes.GOTO, end);
        m.visitLabel(subroutine);
        m.visitVarInsn(Opcodes.ASTORE, 1);
        HandMade.await(m, 0, "a");
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.RET, 1);
        m.visitLabel(end);
        m.visitLdcInsn("end");
    }
}
