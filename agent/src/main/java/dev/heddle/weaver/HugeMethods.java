package dev.heddle.weaver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;

/** Finds woven methods that HotSpot will only interpret, because it compiles none of more than 8,000 bytes. */
final class HugeMethods {

    private static final int LIMIT = 8_000;

    private HugeMethods() {}

    /** One line for each body in {@code classFile} that is too long to be compiled. */
    static List<String> warnings(byte[] classFile) {
        List<String> warnings = new ArrayList<>();
        ClassReader reader = new ClassReader(classFile);
        String className = reader.getClassName().replace('/', '.');
        ClassVisitor sizes = new ClassVisitor(Opcodes.ASM9) {
            @Override
            public @Nullable MethodVisitor visitMethod(
                    int access,
                    String name,
                    String descriptor,
                    @Nullable String signature,
                    String @Nullable [] exceptions) {
                if (!descriptor.endsWith(RuntimeNames.BODY_DESCRIPTOR_END)) {
                    return null;
                }
                return new CodeSizeEvaluator(Opcodes.ASM9, null) {
                    @Override
                    public void visitEnd() {
                        if (getMinSize() > LIMIT) {
                            warnings.add(className + "." + name + " has " + getMinSize()
                                    + " bytes of bytecode: HotSpot compiles no method of more than " + LIMIT
                                    + "; split it into smaller methods");
                        }
                    }
                };
            }
        };
        reader.accept(sizes, ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
        return warnings;
    }
}
