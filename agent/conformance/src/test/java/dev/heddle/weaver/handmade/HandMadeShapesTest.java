package dev.heddle.weaver.handmade;

import static dev.heddle.weaver.handmade.HandMade.OWNER;
import static dev.heddle.weaver.handmade.HandMade.SHAPE;
import static dev.heddle.weaver.handmade.HandMade.await;
import static dev.heddle.weaver.handmade.HandMade.join;
import static dev.heddle.weaver.handmade.HandMade.later;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Locals and jumps that the JVM allows and javac does not write. */
class HandMadeShapesTest {

    @TestFactory
    Stream<DynamicTest> loopWithTwoEntries() {
        return new HandMade()
                .shape("loopWithTwoEntries", HandMadeShapesTest::loopWithTwoEntries)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> holesBetweenLocals() {
        return new HandMade()
                .shape("holesBetweenLocals", HandMadeShapesTest::holesBetweenLocals)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> wrongVariableTable() {
        return new HandMade()
                .shape("wrongVariableTable", HandMadeShapesTest::wrongVariableTable)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> typesThatAreAbsent() {
        return new HandMade()
                .shape("used", HandMadeShapesTest::typeThatIsAbsent)
                .shape("unused", HandMadeShapesTest::unusedLocalOfAbsentType)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> unusedLocalOfAnotherInterface() {
        return new HandMade(Opcodes.V17, ClassWriter.COMPUTE_MAXS)
                .shape("unusedLocalOfAnotherInterface", HandMadeShapesTest::unusedLocalOfAnotherInterface)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> receiverOverwritten() {
        return new HandMade()
                .shape("receiverOverwritten", HandMadeShapesTest::callOverwrittenReceiver)
                .method(Opcodes.ACC_PUBLIC, "overwritten", HandMadeShapesTest::overwrittenReceiver)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> jumpsToTheAwait() {
        return new HandMade()
                .shape("jumpsToTheAwait", HandMadeShapesTest::jumpsToTheAwait)
                .tests();
    }

    private static void loopWithTwoEntries(MethodVisitor m) {
        Label head = new Label();
        Label middle = new Label();
        m.visitInsn(Opcodes.ICONST_0);
        m.visitVarInsn(Opcodes.ISTORE, 1);
        m.visitVarInsn(Opcodes.ILOAD, 1);
        m.visitJumpInsn(Opcodes.IFEQ, middle);
        m.visitLabel(head);
        await(m, 0, "head");
        m.visitInsn(Opcodes.POP);
        m.visitIincInsn(1, 1);
        m.visitLabel(middle);
        await(m, 0, "middle");
        m.visitInsn(Opcodes.POP);
        m.visitIincInsn(1, 1);
        m.visitVarInsn(Opcodes.ILOAD, 1);
        m.visitInsn(Opcodes.ICONST_5);
        m.visitJumpInsn(Opcodes.IF_ICMPLT, head);
        m.visitVarInsn(Opcodes.ILOAD, 1);
        m.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
    }

    private static void holesBetweenLocals(MethodVisitor m) {
        m.visitLdcInsn(2.5);
        m.visitVarInsn(Opcodes.DSTORE, 9);
        m.visitLdcInsn(7L);
        m.visitVarInsn(Opcodes.LSTORE, 20);
        await(m, 0, "a");
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.DLOAD, 9);
        m.visitVarInsn(Opcodes.LLOAD, 20);
        m.visitInsn(Opcodes.L2D);
        m.visitInsn(Opcodes.DMUL);
        m.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Double", "valueOf", "(D)Ljava/lang/Double;", false);
    }

    private static void wrongVariableTable(MethodVisitor m) {
        Label start = new Label();
        Label end = new Label();
        m.visitLabel(start);
        m.visitLdcInsn("text");
        m.visitVarInsn(Opcodes.ASTORE, 1);
        await(m, 0, "a");
        m.visitVarInsn(Opcodes.ALOAD, 1);
        join(m);
        m.visitLabel(end);
        m.visitLocalVariable("number", "I", null, start, end, 1);
        m.visitLocalVariable("other", "Ltarget/Absent;", null, start, end, 1);
    }

    /** As with an optional dependency: the verifier needs no class to let a null pass as one. */
    private static void typeThatIsAbsent(MethodVisitor m) {
        Label end = new Label();
        m.visitInsn(Opcodes.ACONST_NULL);
        m.visitTypeInsn(Opcodes.CHECKCAST, "target/Absent");
        m.visitVarInsn(Opcodes.ASTORE, 1);
        await(m, 0, "a");
        m.visitVarInsn(Opcodes.ALOAD, 1);
        m.visitJumpInsn(Opcodes.IFNULL, end);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "target/Absent", "use", "()V", false);
        m.visitLabel(end);
    }

    private static void unusedLocalOfAbsentType(MethodVisitor m) {
        m.visitInsn(Opcodes.ACONST_NULL);
        m.visitTypeInsn(Opcodes.CHECKCAST, "target/Absent");
        m.visitVarInsn(Opcodes.ASTORE, 1);
        await(m, 0, "a");
        m.visitVarInsn(Opcodes.ASTORE, 2);
        await(m, 0, "b");
        m.visitVarInsn(Opcodes.ALOAD, 2);
        m.visitInsn(Opcodes.SWAP);
        join(m);
    }

    /** The verifier takes any object for any interface (JVMS 4.10.1.2). */
    private static void unusedLocalOfAnotherInterface(MethodVisitor m) {
        Label merge = new Label();
        m.visitLdcInsn("no Runnable");
        m.visitVarInsn(Opcodes.ASTORE, 1);
        m.visitJumpInsn(Opcodes.GOTO, merge);
        m.visitLabel(merge);
        m.visitFrame(
                Opcodes.F_NEW, 2, new Object[] {"dev/heddle/weaver/Script", "java/lang/Runnable"}, 0, new Object[0]);
        await(m, 0, "a");
    }

    private static void callOverwrittenReceiver(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, OWNER);
        m.visitInsn(Opcodes.DUP);
        m.visitMethodInsn(Opcodes.INVOKESPECIAL, OWNER, "<init>", "()V", false);
        m.visitVarInsn(Opcodes.ALOAD, 0);
        m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, OWNER, "overwritten", SHAPE, false);
        await(m);
    }

    private static void overwrittenReceiver(MethodVisitor m) {
        m.visitVarInsn(Opcodes.ALOAD, 1);
        m.visitVarInsn(Opcodes.ASTORE, 0);
        m.visitInsn(Opcodes.LCONST_1);
        m.visitVarInsn(Opcodes.LSTORE, 1);
        await(m, 0, "first");
        m.visitInsn(Opcodes.POP);
        await(m, 0, "second");
    }

    /** Three ways, with the same stack, to the instruction that awaits: the last two through labels side by side. */
    private static void jumpsToTheAwait(MethodVisitor m) {
        Label first = new Label();
        Label second = new Label();
        m.visitLdcInsn("below");
        later(m, 0, "one");
        m.visitVarInsn(Opcodes.ALOAD, 0);
        m.visitJumpInsn(Opcodes.IFNULL, first); // stack: below later
        m.visitInsn(Opcodes.POP);
        later(m, 0, "two");
        m.visitVarInsn(Opcodes.ALOAD, 0);
        m.visitJumpInsn(Opcodes.IFNONNULL, second); // stack: below later
        m.visitInsn(Opcodes.POP);
        later(m, 0, "three");
        m.visitLabel(first);
        m.visitLabel(second);
        await(m);
        m.visitTypeInsn(Opcodes.CHECKCAST, "java/lang/String");
        join(m);
    }
}
