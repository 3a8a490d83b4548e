package dev.heddle.weaver;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Bytecode that the JVM allows and javac does not write. */
class HandMadeShapesTest {

    private static final String NAME = "target.HandMade";
    private static final String OWNER = "target/HandMade";
    private static final String BUILDER = "java/lang/StringBuilder";
    private static final String SHAPE = "(Ldev/heddle/weaver/Script;)Ldev/heddle/Coroutine;";

    private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);

    @TestFactory
    Stream<DynamicTest> handMade() {
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, OWNER, null, "java/lang/Object", null);
        constructor();
        shape("createdObjectInLocal", HandMadeShapesTest::createdObjectInLocal);
        shape("singleCopyOfCreatedObject", HandMadeShapesTest::singleCopyOfCreatedObject);
        shape("manyCopiesOfCreatedObject", HandMadeShapesTest::manyCopiesOfCreatedObject);
        shape("copiesAroundOtherValues", HandMadeShapesTest::copiesAroundOtherValues);
        shape("loopWithTwoEntries", HandMadeShapesTest::loopWithTwoEntries);
        shape("holesBetweenLocals", HandMadeShapesTest::holesBetweenLocals);
        shape("wrongVariableTable", HandMadeShapesTest::wrongVariableTable);
        shape("typeThatIsAbsent", HandMadeShapesTest::typeThatIsAbsent);
        shape("receiverOverwritten", HandMadeShapesTest::callOverwrittenReceiver);
        method(Opcodes.ACC_PUBLIC, "overwritten", HandMadeShapesTest::overwrittenReceiver);
        writer.visitEnd();
        return Shapes.of(NAME, Map.of(NAME, writer.toByteArray()));
    }

    private void constructor() {
        MethodVisitor m = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
        m.visitVarInsn(Opcodes.ALOAD, 0);
        m.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        m.visitInsn(Opcodes.RETURN);
        m.visitMaxs(0, 0);
    }

    private void shape(String name, Consumer<MethodVisitor> code) {
        method(Opcodes.ACC_STATIC, name, code);
    }

    private void method(int access, String name, Consumer<MethodVisitor> code) {
        MethodVisitor m = writer.visitMethod(access, name, SHAPE, null, null);
        m.visitAnnotation("Ldev/heddle/Async;", true).visitEnd();
        m.visitCode();
        code.accept(m); // leaves the result on the stack
        m.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                "dev/heddle/Coroutine",
                "of",
                "(Ljava/lang/Object;)Ldev/heddle/Coroutine;",
                false);
        m.visitInsn(Opcodes.ARETURN);
        m.visitMaxs(0, 0);
        m.visitEnd();
    }

    /** Pushes a string that is awaited; the script is in local {@code script}. */
    private static void await(MethodVisitor m, int script, String value) {
        m.visitVarInsn(Opcodes.ALOAD, script);
        m.visitLdcInsn(value);
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                "dev/heddle/weaver/Script",
                "later",
                "(Ljava/lang/Object;)Ldev/heddle/Coroutine;",
                false);
        m.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                "dev/heddle/Asyncio",
                "await",
                "(Ldev/heddle/Awaitable;)Ljava/lang/Object;",
                false);
        m.visitTypeInsn(Opcodes.CHECKCAST, "java/lang/String");
    }

    private static void construct(MethodVisitor m) {
        m.visitMethodInsn(Opcodes.INVOKESPECIAL, BUILDER, "<init>", "(Ljava/lang/String;)V", false);
    }

    private static void text(MethodVisitor m) {
        m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Object", "toString", "()Ljava/lang/String;", false);
    }

    private static void createdObjectInLocal(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, BUILDER);
        m.visitVarInsn(Opcodes.ASTORE, 1);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        await(m, 0, "a");
        construct(m);
        await(m, 0, "between");
        m.visitInsn(Opcodes.POP);
        m.visitVarInsn(Opcodes.ALOAD, 1);
        text(m);
    }

    private static void singleCopyOfCreatedObject(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, BUILDER);
        await(m, 0, "a");
        construct(m);
        m.visitLdcInsn("done");
    }

    private static void manyCopiesOfCreatedObject(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, BUILDER);
        for (int copies = 0; copies < 5; copies++) {
            m.visitInsn(Opcodes.DUP);
        }
        m.visitVarInsn(Opcodes.ASTORE, 3);
        await(m, 0, "a");
        construct(m);
        m.visitInsn(Opcodes.POP2);
        m.visitInsn(Opcodes.POP);
        text(m);
        m.visitVarInsn(Opcodes.ALOAD, 3);
        text(m);
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, "java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;", false);
    }

    private static void copiesAroundOtherValues(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, BUILDER);
        m.visitLdcInsn("x");
        m.visitInsn(Opcodes.SWAP);
        m.visitInsn(Opcodes.DUP_X1); // stack: object x object
        await(m, 0, "a");
        construct(m);
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, BUILDER, "append", "(Ljava/lang/String;)Ljava/lang/StringBuilder;", false);
        text(m);
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
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, "java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;", false);
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

    private static void callOverwrittenReceiver(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, OWNER);
        m.visitInsn(Opcodes.DUP);
        m.visitMethodInsn(Opcodes.INVOKESPECIAL, OWNER, "<init>", "()V", false);
        m.visitVarInsn(Opcodes.ALOAD, 0);
        m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, OWNER, "overwritten", SHAPE, false);
        m.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                "dev/heddle/Asyncio",
                "await",
                "(Ldev/heddle/Awaitable;)Ljava/lang/Object;",
                false);
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
}
