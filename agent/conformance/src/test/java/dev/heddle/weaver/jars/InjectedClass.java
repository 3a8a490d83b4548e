package dev.heddle.weaver.jars;

import dev.heddle.weaver.RuntimeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A class whose methods were made async. It can be verified and initialised, but not used: its methods have other names than
 * their callers expect, and there is no static initialiser.
 *
 * @param classFile the class file before weaving
 * @param methods the methods that were made async
 * @param leftOut how many methods take no awaits
 */
record InjectedClass(byte[] classFile, List<InjectedMethod> methods, int leftOut) {

    /** The same {@code seed} gives the same class. */
    static InjectedClass of(byte[] compiled, long seed) {
        ClassNode node = new ClassNode();
        new ClassReader(compiled).accept(node, ClassReader.EXPAND_FRAMES);
        Random random = new Random(seed ^ node.name.hashCode());
        List<MethodNode> kept = new ArrayList<>();
        List<InjectedMethod> injected = new ArrayList<>();
        int leftOut = 0;
        for (MethodNode method : node.methods) {
            if (method.name.equals("<clinit>")) {
                continue;
            }
            kept.add(method);
            if (!isInjectable(method)) {
                continue;
            }
            if (overridesProtected(method)) {
                MethodNode original = new MethodNode(method.access, method.name, method.desc, method.signature, null);
                method.accept(original);
                kept.add(original);
            }
            if (MethodInjector.takesAwaits(method)) {
                String name = method.name + "$async" + injected.size();
                injected.add(new MethodInjector(node, method, random).inject(name));
            } else {
                leftOut++;
            }
        }
        if (!injected.isEmpty()) {
            kept.add(helper(node));
        }
        node.methods = kept;
        return new InjectedClass(write(node), injected, leftOut);
    }

    /** The class without its static initialiser: with that, nothing of it runs when it is initialised. */
    static byte[] withoutInitializer(byte[] compiled) {
        ClassNode node = new ClassNode();
        ClassReader reader = new ClassReader(compiled);
        reader.accept(node, 0);
        if (!node.methods.removeIf(method -> method.name.equals("<clinit>"))) {
            return compiled;
        }
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    private static boolean isInjectable(MethodNode method) {
        boolean hasBody = (method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
        return hasBody && !method.name.equals("<init>");
    }

    /** Callers in the same package may call it only if it is here: in {@code Object} it is protected. */
    private static boolean overridesProtected(MethodNode method) {
        return method.name.equals("clone") || method.name.equals("finalize");
    }

    private static MethodNode helper(ClassNode owner) {
        boolean isInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
        int access = Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC | (isInterface ? Opcodes.ACC_PUBLIC : 0);
        MethodNode helper = new MethodNode(access, MethodInjector.HELPER, RuntimeNames.DONE_DESCRIPTOR, null, null);
        helper.visitAnnotation(RuntimeNames.ASYNC_DESCRIPTOR, true).visitEnd();
        helper.instructions.add(MethodInjector.result(RuntimeNames.DONE, RuntimeNames.DONE_DESCRIPTOR));
        helper.instructions.add(new InsnNode(Opcodes.ARETURN));
        return helper;
    }

    private static byte[] write(ClassNode node) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        node.accept(writer);
        return writer.toByteArray();
    }
}
