package dev.heddle.weaver;

import dev.heddle.weaver.analysis.ClassAnalyzer;
import dev.heddle.weaver.analysis.ClassPlan;
import dev.heddle.weaver.emit.ClassEmitter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;

/** Weaves one class file: bytes to bytes, loading no class and reading nothing else. */
public final class Weaver {

    /** The newest class file version that can be parsed (JVMS 4.1). */
    public static final int NEWEST_CLASS_FILE_VERSION = Opcodes.V27;

    private Weaver() {}

    /**
     * Weaves {@code classFile}.
     *
     * @throws RuntimeException if the class file breaks the rules of JVMS 4
     */
    public static WeaveResult weave(byte[] classFile) {
        Set<String> tooLarge = new HashSet<>();
        while (true) {
            ClassPlan plan = ClassAnalyzer.analyze(parse(classFile), tooLarge);
            if (plan.changesNothing()) {
                return new WeaveResult(null, plan.refusals(), List.of());
            }
            try {
                byte[] woven = ClassEmitter.emit(plan);
                return new WeaveResult(woven, plan.refusals(), HugeMethods.warnings(woven));
            } catch (MethodTooLargeException failure) {
                if (!tooLarge.add(failure.getMethodName() + compiledDescriptor(failure.getDescriptor()))) {
                    throw failure;
                }
            }
        }
    }

    /**
     * Lets everything in {@code classFile} that would await throw {@code reason}: for a class that could not be woven.
     *
     * @throws RuntimeException if the class file breaks the rules of JVMS 4
     */
    public static byte[] refuse(byte[] classFile, String reason) {
        return ClassEmitter.emit(ClassAnalyzer.refuse(parse(classFile), reason));
    }

    /** Parses with every stack map frame expanded, as tracking types demands. */
    private static ClassNode parse(byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, ClassReader.EXPAND_FRAMES);
        return node;
    }

    /** The descriptor a body had before its frame became a parameter. */
    private static String compiledDescriptor(String bodyDescriptor) {
        String withoutFrame = bodyDescriptor.replace(RuntimeNames.FRAME_DESCRIPTOR + ")", ")");
        return Type.getMethodDescriptor(
                Type.getType(RuntimeNames.COROUTINE_DESCRIPTOR), Type.getArgumentTypes(withoutFrame));
    }
}
