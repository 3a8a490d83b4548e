package dev.heddle.weaver.handmade;

import static dev.heddle.weaver.handmade.HandMade.await;
import static dev.heddle.weaver.handmade.HandMade.join;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Handlers and dead code that the JVM allows and javac does not write. */
class HandMadeHandlersTest {

    private static final Object[] NO_OPERANDS = {};
    private static final Object[] LOCALS = {"dev/heddle/weaver/Script"};

    @TestFactory
    Stream<DynamicTest> handlerProtectsItself() {
        return new HandMade()
                .shape("handlerProtectsItself", HandMadeHandlersTest::handlerProtectsItself)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> codeThatIsNeverReached() {
        return new HandMade(Opcodes.V17, ClassWriter.COMPUTE_MAXS)
                .shape("deadAwait", HandMadeHandlersTest::deadAwait)
                .shape("deadHandler", HandMadeHandlersTest::deadHandler)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> rangeOfOneInstruction() {
        return new HandMade()
                .shape("rangeOfOneInstruction", HandMadeHandlersTest::rangeOfOneInstruction)
                .tests();
    }

    /** A handler catches the failures in itself, until it has run three times. */
    private static void handlerProtectsItself(MethodVisitor m) {
        Label start = new Label();
        Label handler = new Label();
        Label end = new Label();
        Label after = new Label();
        m.visitTryCatchBlock(start, end, handler, null);
        m.visitInsn(Opcodes.ICONST_0);
        m.visitVarInsn(Opcodes.ISTORE, 1);
        m.visitLabel(start);
        await(m, 0, "try");
        m.visitInsn(Opcodes.POP);
        m.visitInsn(Opcodes.ACONST_NULL);
        m.visitInsn(Opcodes.ATHROW);
        m.visitLabel(handler);
        m.visitInsn(Opcodes.POP);
        m.visitIincInsn(1, 1);
        await(m, 0, "handler");
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.ILOAD, 1);
        m.visitInsn(Opcodes.ICONST_3);
        m.visitJumpInsn(Opcodes.IF_ICMPGE, after);
        m.visitInsn(Opcodes.ACONST_NULL);
        m.visitInsn(Opcodes.ATHROW);
        m.visitLabel(end);
        m.visitLabel(after);
        await(m, 0, "end");
        m.visitVarInsn(Opcodes.ILOAD, 1);
        m.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/String", "valueOf", "(I)Ljava/lang/String;", false);
        join(m);
    }

    private static void deadAwait(MethodVisitor m) {
        Label end = new Label();
        await(m, 0, "a");
        m.visitJumpInsn(Opcodes.GOTO, end);
        m.visitFrame(Opcodes.F_NEW, 1, LOCALS, 0, NO_OPERANDS);
        await(m, 0, "dead");
        m.visitLabel(end);
        m.visitFrame(Opcodes.F_NEW, 1, LOCALS, 1, new Object[] {"java/lang/String"});
    }

    /** The range of the handler has only code that is never reached; so the handler awaits in vain. */
    private static void deadHandler(MethodVisitor m) {
        Label start = new Label();
        Label handler = new Label();
        Label end = new Label();
        m.visitTryCatchBlock(start, handler, handler, "java/lang/RuntimeException");
        await(m, 0, "a");
        m.visitJumpInsn(Opcodes.GOTO, end);
        m.visitLabel(start);
        m.visitFrame(Opcodes.F_NEW, 1, LOCALS, 0, NO_OPERANDS);
        await(m, 0, "dead");
        m.visitJumpInsn(Opcodes.GOTO, end);
        m.visitLabel(handler);
        m.visitFrame(Opcodes.F_NEW, 1, LOCALS, 1, new Object[] {"java/lang/RuntimeException"});
        m.visitInsn(Opcodes.POP);
        await(m, 0, "dead too");
        m.visitLabel(end);
        m.visitFrame(Opcodes.F_NEW, 1, LOCALS, 1, new Object[] {"java/lang/String"});
    }

    /** The range is the call of await alone, and its handler begins directly after it. */
    private static void rangeOfOneInstruction(MethodVisitor m) {
        Label start = new Label();
        Label handler = new Label();
        m.visitTryCatchBlock(start, handler, handler, "java/lang/RuntimeException");
        HandMade.later(m, 0, "a");
        m.visitLabel(start);
        await(m);
        m.visitLabel(handler); // stack: the result, or the exception
        HandMade.text(m);
        await(m, 0, "b");
        join(m);
    }
}
