package dev.heddle.weaver.handmade;

import static dev.heddle.weaver.handmade.HandMade.await;
import static dev.heddle.weaver.handmade.HandMade.join;
import static dev.heddle.weaver.handmade.HandMade.text;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Constants that are resolved by a call, method handles and method types, with awaits around them. */
class HandMadeConstantsTest {

    private static final Handle INVOKE = new Handle(
            Opcodes.H_INVOKESTATIC,
            "java/lang/invoke/ConstantBootstraps",
            "invoke",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;"
                    + "Ljava/lang/invoke/MethodHandle;[Ljava/lang/Object;)Ljava/lang/Object;",
            false);

    private static final Handle CONCAT = new Handle(
            Opcodes.H_INVOKEVIRTUAL, "java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;", false);

    private static final Handle PARSE_LONG =
            new Handle(Opcodes.H_INVOKESTATIC, "java/lang/Long", "parseLong", "(Ljava/lang/String;)J", false);

    @TestFactory
    Stream<DynamicTest> dynamicConstants() {
        return new HandMade()
                .shape("reference", HandMadeConstantsTest::dynamicReference)
                .shape("wide", HandMadeConstantsTest::dynamicLong)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> methodHandlesAndTypes() {
        return new HandMade()
                .shape("handle", HandMadeConstantsTest::methodHandle)
                .shape("type", HandMadeConstantsTest::methodType)
                .tests();
    }

    private static void dynamicReference(MethodVisitor m) {
        m.visitLdcInsn(new ConstantDynamic("both", "Ljava/lang/String;", INVOKE, CONCAT, "one", "two"));
        m.visitInsn(Opcodes.DUP);
        m.visitVarInsn(Opcodes.ASTORE, 1);
        await(m, 0, "a"); // stack: constant a
        join(m);
        await(m, 0, "b");
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        join(m);
    }

    private static void dynamicLong(MethodVisitor m) {
        m.visitLdcInsn(new ConstantDynamic("number", "J", INVOKE, PARSE_LONG, "4294967296"));
        m.visitInsn(Opcodes.DUP2);
        m.visitVarInsn(Opcodes.LSTORE, 1);
        await(m, 0, "a"); // stack: constant a
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.LLOAD, 1);
        m.visitInsn(Opcodes.LADD);
        m.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Long", "valueOf", "(J)Ljava/lang/Long;", false);
    }

    private static void methodHandle(MethodVisitor m) {
        m.visitLdcInsn(CONCAT);
        m.visitInsn(Opcodes.DUP);
        m.visitVarInsn(Opcodes.ASTORE, 1);
        await(m, 0, "a");
        await(m, 0, "b"); // stack: handle a b
        invokeExact(m);
        m.visitVarInsn(Opcodes.ASTORE, 2);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        m.visitVarInsn(Opcodes.ALOAD, 2);
        await(m, 0, "c");
        invokeExact(m);
    }

    private static void invokeExact(MethodVisitor m) {
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                "java/lang/invoke/MethodHandle",
                "invokeExact",
                "(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;",
                false);
    }

    private static void methodType(MethodVisitor m) {
        m.visitLdcInsn(Type.getMethodType("(IJ)Ljava/lang/String;"));
        m.visitVarInsn(Opcodes.ASTORE, 1);
        m.visitLdcInsn(Type.getMethodType("()V"));
        await(m, 0, "a"); // stack: type a
        m.visitInsn(Opcodes.SWAP);
        text(m);
        join(m);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        text(m);
        join(m);
    }
}
