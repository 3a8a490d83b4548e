package dev.heddle.weaver.handmade;

import static dev.heddle.weaver.handmade.HandMade.append;
import static dev.heddle.weaver.handmade.HandMade.await;
import static dev.heddle.weaver.handmade.HandMade.construct;
import static dev.heddle.weaver.handmade.HandMade.create;
import static dev.heddle.weaver.handmade.HandMade.join;
import static dev.heddle.weaver.handmade.HandMade.text;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Objects that are not initialised at an await, where javac does not put them. */
class HandMadeConstructionTest {

    @TestFactory
    Stream<DynamicTest> createdObjectInLocal() {
        return new HandMade()
                .shape("createdObjectInLocal", HandMadeConstructionTest::createdObjectInLocal)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> singleCopy() {
        return new HandMade()
                .shape("dropped", HandMadeConstructionTest::singleCopy)
                .shape("besideOneInLocal", HandMadeConstructionTest::singleCopyBesideLocal)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> threeToElevenCopies() {
        HandMade made = new HandMade();
        for (int copies = 3; copies <= 11; copies++) {
            int n = copies;
            made.shape("copies" + n, m -> copies(m, n));
        }
        return made.tests();
    }

    @TestFactory
    Stream<DynamicTest> copiesAmongOtherValues() {
        return new HandMade()
                .shape("swap", HandMadeConstructionTest::copiesAroundOtherValue)
                .shape("wide", HandMadeConstructionTest::copiesAroundWideValue)
                .shape("pairs", HandMadeConstructionTest::copiesOfPairs)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> createdInHandler() {
        return new HandMade()
                .shape("belowTheException", HandMadeConstructionTest::createdBelowException)
                .shape("initialisedInHandler", HandMadeConstructionTest::initialisedInHandler)
                .tests();
    }

    private static void createdObjectInLocal(MethodVisitor m) {
        create(m);
        m.visitVarInsn(Opcodes.ASTORE, 1);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        await(m, 0, "a");
        construct(m);
        await(m, 0, "between");
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        text(m);
    }

    private static void singleCopy(MethodVisitor m) {
        create(m);
        await(m, 0, "a");
        construct(m);
        m.visitLdcInsn("done");
    }

    private static void singleCopyBesideLocal(MethodVisitor m) {
        create(m);
        m.visitVarInsn(Opcodes.ASTORE, 2);
        m.visitInsn(Opcodes.LCONST_1);
        m.visitVarInsn(Opcodes.LSTORE, 3);
        await(m, 0, "a");
        m.visitVarInsn(Opcodes.ALOAD, 2);
        m.visitInsn(Opcodes.SWAP);
        construct(m);
        m.visitVarInsn(Opcodes.ALOAD, 2);
        m.visitVarInsn(Opcodes.LLOAD, 3);
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, "java/lang/StringBuilder", "append", "(J)Ljava/lang/StringBuilder;", false);
        text(m);
    }

    /** One copy is initialised, every third is in a local, and the others stay on the stack and are used up. */
    private static void copies(MethodVisitor m, int copies) {
        create(m);
        for (int copy = 1; copy < copies; copy++) {
            m.visitInsn(Opcodes.DUP);
        }
        int inLocals = copies / 3;
        for (int local = 0; local < inLocals; local++) {
            m.visitVarInsn(Opcodes.ASTORE, 2 + local);
        }
        await(m, 0, "a");
        construct(m);
        for (int rest = copies - inLocals - 1; rest > 1; rest--) {
            await(m, 0, "b" + rest);
            append(m);
            m.visitInsn(Opcodes.POP);
        }
        for (int local = 0; local < inLocals; local++) {
            m.visitVarInsn(Opcodes.ALOAD, 2 + local);
            await(m, 0, "c" + local);
            append(m);
            m.visitInsn(Opcodes.POP);
        }
        text(m);
    }

    private static void copiesAroundOtherValue(MethodVisitor m) {
        create(m);
        m.visitLdcInsn("x");
        m.visitInsn(Opcodes.SWAP);
        m.visitInsn(Opcodes.DUP_X1); // stack: object x object
        await(m, 0, "a");
        construct(m);
        append(m);
        text(m);
    }

    private static void copiesAroundWideValue(MethodVisitor m) {
        m.visitLdcInsn(5L);
        create(m);
        m.visitInsn(Opcodes.DUP_X2);
        m.visitInsn(Opcodes.DUP); // stack: object 5 object object
        await(m, 0, "a");
        construct(m);
        await(m, 0, "b");
        append(m);
        m.visitInsn(Opcodes.POP); // stack: object 5
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, "java/lang/StringBuilder", "append", "(J)Ljava/lang/StringBuilder;", false);
        text(m);
    }

    private static void copiesOfPairs(MethodVisitor m) {
        create(m);
        create(m);
        m.visitInsn(Opcodes.DUP2); // stack: first second first second
        await(m, 0, "second");
        construct(m);
        await(m, 0, "first");
        construct(m); // stack: first second
        text(m);
        m.visitInsn(Opcodes.SWAP);
        text(m);
        join(m);
    }

    private static void createdBelowException(MethodVisitor m) {
        Label start = new Label();
        Label handler = new Label();
        m.visitTryCatchBlock(start, handler, handler, "java/lang/IllegalStateException");
        m.visitLabel(start);
        fail(m);
        m.visitLabel(handler);
        create(m);
        m.visitInsn(Opcodes.DUP_X1);
        m.visitInsn(Opcodes.SWAP); // stack: object object exception
        await(m, 0, "a");
        m.visitInsn(Opcodes.SWAP); // stack: object object a exception
        m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Throwable", "getMessage", "()Ljava/lang/String;", false);
        join(m);
        construct(m);
        await(m, 0, "b");
        append(m);
        text(m);
    }

    /** The handler has an object in a local that the {@code try} has created. */
    private static void initialisedInHandler(MethodVisitor m) {
        Label start = new Label();
        Label handler = new Label();
        m.visitTryCatchBlock(start, handler, handler, "java/lang/RuntimeException");
        create(m);
        m.visitVarInsn(Opcodes.ASTORE, 1);
        m.visitLabel(start);
        await(m, 0, "a");
        m.visitInsn(Opcodes.POP);
        fail(m);
        m.visitLabel(handler);
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        await(m, 0, "b");
        construct(m);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        text(m);
    }

    private static void fail(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, "java/lang/IllegalStateException");
        m.visitInsn(Opcodes.DUP);
        m.visitLdcInsn("failure");
        m.visitMethodInsn(
                Opcodes.INVOKESPECIAL, "java/lang/IllegalStateException", "<init>", "(Ljava/lang/String;)V", false);
        m.visitInsn(Opcodes.ATHROW);
    }
}
