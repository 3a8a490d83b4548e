package dev.heddle.weaver;

import codes.rafael.asmjdkbridge.JdkClassReader;
import dev.heddle.testkit.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.util.CheckClassAdapter;

/**
 * The weaver on the day on which the running JDK is newer than ASM: with an ASM that refuses class files newer than those of Java 16,
 * and knows that it does. The weaver and ASM are otherwise as they are.
 */
public final class OlderAsm {

    /** The newest class file version of the older ASM, just below that of the tests. */
    public static final int NEWEST = Opcodes.V16;

    private static final ClassLoader LOADER = new Loader();

    private OlderAsm() {}

    /** As {@link Weaver#weave}. */
    public static WeaveResult weave(byte[] classFile) {
        return result(call("Weaver", "weave", classFile));
    }

    /** As {@link CompactWeaver#weave}. */
    public static WeaveResult weaveCompactly(byte[] classFile) {
        return result(call("Weaver", "weave", classFile, 0));
    }

    /** As {@link Weaver#weave}, for a class that is verified, too, by the verifier with the older ASM. */
    public static byte[] weaveVerified(byte[] classFile) {
        byte[] woven = weave(classFile).classFile();
        if (woven == null) {
            return classFile;
        }
        call("WovenClassVerifier", "verify", new ClassReader(woven).getClassName(), woven);
        return woven;
    }

    /** Parses a class file as the weaver does, and writes the tree. */
    public static byte[] rewrite(byte[] classFile) {
        try {
            Object node = call("ClassParser", "parse", classFile, ClassReader.EXPAND_FRAMES);
            Class<?> writerType = LOADER.loadClass(ClassWriter.class.getName());
            Object writer = writerType.getConstructor(int.class).newInstance(ClassWriter.COMPUTE_MAXS);
            Class<?> visitorType = LOADER.loadClass(ClassVisitor.class.getName());
            node.getClass().getMethod("accept", visitorType).invoke(node, writer);
            return (byte[]) writerType.getMethod("toByteArray").invoke(writer);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }

    /** A copy of {@code heddle-agent.jar} with the older ASM in it. */
    public static Path agentJar(Path directory) throws IOException {
        Path copy = directory.resolve("older-asm.jar");
        try (InputStream file = Files.newInputStream(Path.of(Program.agentJar()));
                JarInputStream in = new JarInputStream(file);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), in.getManifest())) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                String name = entry.getName().replaceFirst("\\.class$", "");
                out.putNextEntry(new JarEntry(entry.getName()));
                out.write(older(name, in.readAllBytes()));
            }
        }
        return copy;
    }

    private static Object call(String type, String method, Object... arguments) {
        try {
            for (Method each : LOADER.loadClass("dev.heddle.weaver." + type).getDeclaredMethods()) {
                if (each.getName().equals(method) && each.getParameterCount() == arguments.length) {
                    each.setAccessible(true);
                    return each.invoke(null, arguments);
                }
            }
        } catch (InvocationTargetException failure) {
            throw sneaky(failure.getCause());
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
        throw new AssertionError("no method " + type + "." + method);
    }

    /** The exception of the other class loader in terms of this one. */
    private static RuntimeException sneaky(Throwable failure) {
        return failure.getClass().getName().equals(UnsupportedClassFile.class.getName())
                ? new UnsupportedClassFile(failure.getMessage())
                : new IllegalStateException(failure);
    }

    /** The result of the other class loader in terms of this one. */
    @SuppressWarnings("unchecked")
    private static WeaveResult result(Object other) {
        return new WeaveResult(
                (byte[]) component(other, "classFile"),
                refusals(component(other, "refusals")),
                refusals(component(other, "dropped")),
                (List<String>) component(other, "warnings"));
    }

    private static List<Refusal> refusals(Object others) {
        List<Refusal> refusals = new ArrayList<>();
        for (Object other : (List<?>) others) {
            refusals.add(new Refusal(
                    (String) component(other, "className"),
                    (String) component(other, "method"),
                    (String) component(other, "sourceFile"),
                    (int) component(other, "line"),
                    (String) component(other, "rule"),
                    (String) component(other, "remedy")));
        }
        return refusals;
    }

    private static Object component(Object other, String name) {
        try {
            return other.getClass().getMethod(name).invoke(other);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The class file of an older ASM, or of a weaver that uses it. */
    private static byte[] older(String internalName, byte[] classFile) {
        if (internalName.equals("dev/heddle/weaver/ClassParser")) {
            return withOtherNewest(classFile, "newestOfAsm");
        }
        return internalName.endsWith("/asm/ClassReader") ? withOtherNewest(classFile, "<init>") : classFile;
    }

    /** The class with another newest version as a constant in {@code method}. */
    private static byte[] withOtherNewest(byte[] classFile, String method) {
        int[] changes = {0};
        ClassWriter writer = new ClassWriter(0);
        ClassVisitor changing = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                return !name.equals(method)
                        ? next
                        : new MethodVisitor(Opcodes.ASM9, next) {
                            @Override
                            public void visitIntInsn(int opcode, int operand) {
                                boolean isNewest = opcode == Opcodes.BIPUSH && operand == Opcodes.V27;
                                changes[0] += isNewest ? 1 : 0;
                                super.visitIntInsn(opcode, isNewest ? NEWEST : operand);
                            }
                        };
            }
        };
        new ClassReader(classFile).accept(changing, 0);
        if (changes[0] != 1) {
            throw new AssertionError(method + " has the newest version " + changes[0] + " times, not once");
        }
        return writer.toByteArray();
    }

    /** Defines the weaver, the older ASM and the bridge once more. */
    private static final class Loader extends URLClassLoader {

        Loader() {
            super(
                    Stream.of(
                                    Weaver.class,
                                    ClassReader.class,
                                    ClassNode.class,
                                    Analyzer.class,
                                    AnalyzerAdapter.class,
                                    CheckClassAdapter.class,
                                    JdkClassReader.class)
                            .map(Loader::url)
                            .toArray(URL[]::new),
                    getPlatformClassLoader());
        }

        private static URL url(Class<?> type) {
            try {
                return Program.whereIs(type).toUri().toURL();
            } catch (MalformedURLException failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            String internalName = name.replace('.', '/');
            if (!internalName.endsWith("/ClassParser") && !internalName.endsWith("/asm/ClassReader")) {
                return super.findClass(name);
            }
            try (InputStream in = getResourceAsStream(internalName + ".class")) {
                byte[] classFile = older(internalName, in.readAllBytes());
                return defineClass(name, classFile, 0, classFile.length);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
