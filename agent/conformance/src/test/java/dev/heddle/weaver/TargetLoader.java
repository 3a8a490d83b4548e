package dev.heddle.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Defines changed versions of the target classes. All other classes come from the class path. */
public final class TargetLoader extends ClassLoader {

    private final Map<String, byte[]> sources;
    private final String prefix;
    private final UnaryOperator<byte[]> change;

    /** Changes the classes whose names start with {@code prefix}, as found on the class path or in {@code sources}. */
    public TargetLoader(String prefix, Map<String, byte[]> sources, UnaryOperator<byte[]> change) {
        super(TargetLoader.class.getClassLoader());
        this.prefix = prefix;
        this.sources = new HashMap<>(sources);
        this.change = change;
    }

    /** The class {@code name} with the source {@code text}, woven. */
    public static Class<?> wovenFrom(String name, String text, String... options) {
        return changed(name, SourceCompiler.compile(name, text, options), TargetLoader::weave);
    }

    /** The class {@code name} with the source {@code text}, woven with compact bodies. */
    public static Class<?> compactlyWovenFrom(String name, String text) {
        return changed(name, SourceCompiler.compile(name, text), TargetLoader::weaveCompactly);
    }

    /** The class {@code name} of {@code classFiles}, changed. */
    public static Class<?> changed(String name, Map<String, byte[]> classFiles, UnaryOperator<byte[]> change) {
        try {
            return Class.forName(name, true, new TargetLoader(name, classFiles, change));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Weaves and checks every class: by ASM's data flow, and by the verifier of the JVM when it is defined. */
    public static byte[] weave(byte[] classFile) {
        return verified(classFile, Weaver.weave(classFile));
    }

    /** As above, with compact bodies. */
    public static byte[] weaveCompactly(byte[] classFile) {
        return verified(classFile, CompactWeaver.weave(classFile));
    }

    private static byte[] verified(byte[] classFile, WeaveResult result) {
        byte[] woven = result.classFile();
        if (woven == null) {
            return classFile;
        }
        WovenClassVerifier.verify(new ClassReader(woven).getClassName(), woven);
        return woven;
    }

    /** Replaces each await by a call that runs the awaited object to its end. The code is otherwise as compiled. */
    public static byte[] plain(byte[] classFile) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(int a, String n, String d, String s, String[] e) {
                                return new MethodVisitor(Opcodes.ASM9, super.visitMethod(a, n, d, s, e)) {
                                    @Override
                                    public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                                        return type.equals(RuntimeNames.ASYNC_DESCRIPTOR)
                                                ? null
                                                : super.visitAnnotation(type, visible);
                                    }

                                    @Override
                                    public void visitMethodInsn(int o, String owner, String n, String d, boolean i) {
                                        boolean await = owner.equals(RuntimeNames.ASYNCIO) && n.equals("await");
                                        super.visitMethodInsn(
                                                o,
                                                await ? "dev/heddle/weaver/Drive" : owner,
                                                await ? "plain" : n,
                                                d,
                                                i);
                                    }
                                };
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(prefix)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] classFile = sources.get(name);
        if (classFile == null) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                classFile = in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        byte[] changed = change.apply(classFile);
        return defineClass(name, changed, 0, changed.length);
    }
}
