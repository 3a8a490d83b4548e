package dev.heddle.weaver.handmade;

import dev.heddle.weaver.Shapes;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** A class whose shapes are written instruction by instruction. Local 0 of a shape is the script. */
final class HandMade {

    static final String NAME = "target.HandMade";
    static final String OWNER = "target/HandMade";
    static final String SHAPE = "(Ldev/heddle/weaver/Script;)Ldev/heddle/Coroutine;";

    private static final String BUILDER = "java/lang/StringBuilder";
    private static final String STRING = "java/lang/String";

    private final ClassWriter writer;

    /** A class whose stack map frames are computed. */
    HandMade() {
        this(Opcodes.V17, ClassWriter.COMPUTE_FRAMES);
    }

    HandMade(int version, int flags) {
        writer = new ClassWriter(flags);
        writer.visit(version, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, OWNER, null, "java/lang/Object", null);
        writer.visitSource("HandMade.java", null);
        MethodVisitor m = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
        m.visitVarInsn(Opcodes.ALOAD, 0);
        m.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        m.visitInsn(Opcodes.RETURN);
        m.visitMaxs(1, 1);
    }

    /** Adds a static shape; {@code code} leaves its result on the stack. */
    HandMade shape(String name, Consumer<MethodVisitor> code) {
        return method(Opcodes.ACC_STATIC, name, code);
    }

    HandMade method(int access, String name, Consumer<MethodVisitor> code) {
        MethodVisitor m = writer.visitMethod(access, name, SHAPE, null, null);
        m.visitAnnotation("Ldev/heddle/Async;", true).visitEnd();
        m.visitCode();
        code.accept(m);
        m.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                "dev/heddle/Coroutine",
                "of",
                "(Ljava/lang/Object;)Ldev/heddle/Coroutine;",
                false);
        m.visitInsn(Opcodes.ARETURN);
        m.visitMaxs(0, 0);
        m.visitEnd();
        return this;
    }

    /** Adds a field that holds a string. */
    HandMade field(int access, String name) {
        writer.visitField(access, name, "Ljava/lang/String;", null, null).visitEnd();
        return this;
    }

    byte[] classFile() {
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** Every shape of the class, run in all ways. */
    Stream<DynamicTest> tests() {
        return Shapes.of(NAME, Map.of(NAME, classFile()));
    }

    /** Pushes a string that is awaited; the script is in local {@code script}. */
    static void await(MethodVisitor m, int script, String value) {
        later(m, script, value);
        await(m);
        m.visitTypeInsn(Opcodes.CHECKCAST, STRING);
    }

    /** Pushes an awaitable. */
    static void later(MethodVisitor m, int script, String value) {
        m.visitVarInsn(Opcodes.ALOAD, script);
        m.visitLdcInsn(value);
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                "dev/heddle/weaver/Script",
                "later",
                "(Ljava/lang/Object;)Ldev/heddle/Coroutine;",
                false);
    }

    /** Awaits the object on the stack. */
    static void await(MethodVisitor m) {
        m.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                "dev/heddle/Asyncio",
                "await",
                "(Ldev/heddle/Awaitable;)Ljava/lang/Object;",
                false);
    }

    static void create(MethodVisitor m) {
        m.visitTypeInsn(Opcodes.NEW, BUILDER);
    }

    /** Calls the constructor of a created object with the string above it. */
    static void construct(MethodVisitor m) {
        m.visitMethodInsn(Opcodes.INVOKESPECIAL, BUILDER, "<init>", "(Ljava/lang/String;)V", false);
    }

    /** Appends the string on the stack to the builder below it. */
    static void append(MethodVisitor m) {
        m.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, BUILDER, "append", "(Ljava/lang/String;)Ljava/lang/StringBuilder;", false);
    }

    /** Turns the object on the stack into text. */
    static void text(MethodVisitor m) {
        m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Object", "toString", "()Ljava/lang/String;", false);
    }

    /** Joins the two strings on the stack. */
    static void join(MethodVisitor m) {
        m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, STRING, "concat", "(Ljava/lang/String;)Ljava/lang/String;", false);
    }
}
