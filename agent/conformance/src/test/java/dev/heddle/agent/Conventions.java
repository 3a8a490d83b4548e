package dev.heddle.agent;

import dev.heddle.agent.buildtime.WeaveRun;
import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.RuntimeNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Creates runtimes and woven classes with other calling conventions from this build's runtime and classes. */
final class Conventions {

    private Conventions() {}

    /** A copy of the runtime that states another convention. */
    static Path runtime(Path directory, int version) throws IOException {
        return copyOfRuntime(directory.resolve("runtime-" + version + ".jar"), name -> true, version);
    }

    /** The same, but most classes of the convention also have other names. */
    static Path runtimeWithOtherNames(Path directory, int version) throws IOException {
        return copyOfRuntime(
                directory.resolve("renamed-" + version + ".jar"),
                name -> !name.matches("dev/heddle/woven/(Frame.+|LargeFrame|Entry.*|Suspension|AsyncMethod)\\.class"),
                version);
    }

    /** A copy of the runtime that states no convention, as the first ones did. */
    static Path runtimeWithoutConvention(Path directory) throws IOException {
        return copyOfRuntime(
                directory.resolve("first.jar"),
                name -> !name.equals(RuntimeNames.CONVENTION + ".class"),
                RuntimeNames.CONVENTION_VERSION);
    }

    private static Path copyOfRuntime(Path copy, Predicate<String> kept, int version) throws IOException {
        try (ZipFile jar = new ZipFile(WeaveRun.runtime().toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (kept.test(name)) {
                    byte[] content = jar.getInputStream(entry).readAllBytes();
                    out.putNextEntry(new ZipEntry(name));
                    out.write(isWovenOrStates(name, content) ? ofVersion(content, version) : content);
                    out.closeEntry();
                }
            }
        }
        return copy;
    }

    /** Whether the class of the runtime states the convention: by its constant, or as it has been woven. */
    private static boolean isWovenOrStates(String name, byte[] content) {
        return name.equals(RuntimeNames.CONVENTION + ".class")
                || (name.endsWith(".class") && ClassFileFilter.isWoven(content));
    }

    /** Lets a class that was woven at build time state another convention. */
    static void setConvention(Path classFile, int version) throws IOException {
        Files.write(classFile, ofVersion(Files.readAllBytes(classFile), version));
    }

    /** Replaces the version of this build in the constant, the checks and the messages of a class. */
    private static byte[] ofVersion(byte[] classFile, int version) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, 0);
        for (FieldNode field : node.fields) {
            field.value = field.name.equals(RuntimeNames.VERSION) ? version : field.value;
        }
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (isVersion(instruction)) {
                    method.instructions.set(instruction, new InsnNode(Opcodes.ICONST_0 + version));
                } else if (instruction instanceof InvokeDynamicInsnNode dynamic
                        && dynamic.bsmArgs.length > 0
                        && dynamic.bsmArgs[0] instanceof String text) {
                    dynamic.bsmArgs[0] = text.replace(
                            "calling convention " + RuntimeNames.CONVENTION_VERSION, "calling convention " + version);
                }
            }
        }
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    /** Whether {@code instruction} pushes the version, to be compared or checked. */
    private static boolean isVersion(AbstractInsnNode instruction) {
        AbstractInsnNode next = instruction.getNext();
        return instruction.getOpcode() == Opcodes.ICONST_0 + RuntimeNames.CONVENTION_VERSION
                && (next.getOpcode() == Opcodes.IF_ICMPEQ
                        || (next instanceof MethodInsnNode call && call.name.equals(RuntimeNames.REQUIRE)));
    }
}
