package dev.heddle.coexistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.testkit.Program;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Class loaders as plug-in systems and application launchers write them: bundles, loaders closed early, jars in jars. */
@Timeout(60)
class ContainersIT {

    /** Far more than is ever needed; they are gone through only by a test that fails. */
    private static final int MOST_COLLECTIONS = 20;

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import java.util.function.*;

            public class Contained implements Supplier<Object>, Function<Boolean, String> {
                @Override
                public Object get() {
                    return run(sum(3));
                }

                @Async
                static Coroutine<Integer> sum(int n) {
                    int sum = 0;
                    for (int i = 0; i < n; i++) {
                        await(sleep(0));
                        sum += await(twice(i));
                    }
                    return Coroutine.of(sum);
                }

                @Async
                static Coroutine<Integer> twice(int i) {
                    await(sleep(0));
                    return Coroutine.of(2 * i);
                }

                @Override
                public String apply(Boolean needsAnother) {
                    return run(later(needsAnother));
                }

                @Async
                static Coroutine<String> later(boolean needsAnother) {
                    Another another = needsAnother ? Another.make() : null;
                    await(sleep(0));
                    return Coroutine.of(another == null ? "alone" : another.toString());
                }
            }

            class Another extends Base {
                static Another make() {
                    return new Another();
                }
            }

            class Base {}
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void compile() throws IOException {
        Program.compile(directory, "Contained", SOURCE);
    }

    /** Sees its own classes, those of the platform, and the packages it imports. */
    private final class Bundle extends ClassLoader {

        private final Set<String> imports;

        Bundle(String... imports) {
            super(ClassLoader.getPlatformClassLoader());
            this.imports = Set.of(imports);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (imports.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                return ContainersIT.class.getClassLoader().loadClass(name);
            }
            try {
                byte[] classFile = Files.readAllBytes(directory.resolve(name + ".class"));
                return defineClass(name, classFile, 0, classFile.length);
            } catch (IOException notHere) {
                throw new ClassNotFoundException(name, notHere);
            }
        }
    }

    @Test
    void aBundleImportsTheRuntimeAndWhatWovenCodeCalls() throws Exception {
        assertEquals(6, ((Supplier<?>) contained(new Bundle("dev.heddle", "dev.heddle.woven"))).get());
    }

    @Test
    void aBundleThatDoesNotFailsWithTheNameOfThePackage() {
        NoClassDefFoundError withoutSpi = assertThrows(
                NoClassDefFoundError.class, () -> ((Supplier<?>) contained(new Bundle("dev.heddle"))).get());
        NoClassDefFoundError withoutAny =
                assertThrows(NoClassDefFoundError.class, () -> ((Supplier<?>) contained(new Bundle())).get());

        assertEquals("dev/heddle/woven/Convention", withoutSpi.getMessage());
        assertEquals("dev/heddle/woven/Convention", withoutAny.getMessage());
    }

    /** Nothing is kept for each class, neither by the agent nor by the runtime. */
    @Test
    void aLoaderThatIsDroppedIsCollectedWithItsClasses() throws Exception {
        WeakReference<ClassLoader> loader = new WeakReference<>(used(new Bundle("dev.heddle", "dev.heddle.woven")));
        for (int i = 0; i < MOST_COLLECTIONS && loader.get() != null; i++) {
            System.gc();
        }
        assertNull(loader.get());
    }

    private static ClassLoader used(ClassLoader loader) throws ReflectiveOperationException {
        assertEquals(6, ((Supplier<?>) contained(loader)).get());
        return loader;
    }

    @Test
    void classesOfALoaderThatWasClosedGoOnAsTheyWouldUnwoven() throws Exception {
        Object contained;
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
            contained = contained(loader);
        }

        assertEquals(6, ((Supplier<?>) contained).get());
        assertEquals("alone", functionOf(contained).apply(false));
        NoClassDefFoundError failure = assertThrows(
                NoClassDefFoundError.class, () -> functionOf(contained).apply(true));
        assertEquals("Another", failure.getMessage());
    }

    @Test
    void aClassWithoutItsSupertypesIsWovenAllTheSame() throws Exception {
        Files.delete(directory.resolve("Base.class"));
        Object contained = contained(new Bundle("dev.heddle", "dev.heddle.woven"));

        assertEquals("alone", functionOf(contained).apply(false));
        NoClassDefFoundError failure = assertThrows(
                NoClassDefFoundError.class, () -> functionOf(contained).apply(true));
        assertEquals("Base", failure.getMessage());
    }

    @Test
    void classesOfAJarInAJarAreWoven() throws Exception {
        byte[] inner = jar("Contained.class", Files.readAllBytes(directory.resolve("Contained.class")));
        byte[] outer = jar("lib/inner.jar", inner);
        NestedJars loader = new NestedJars(outer, "lib/inner.jar");

        Object contained = contained(loader);

        assertEquals(6, ((Supplier<?>) contained).get());
        CodeSource source = contained.getClass().getProtectionDomain().getCodeSource();
        assertEquals("nested:lib/inner.jar!/", source.getLocation().toString());
        assertNull(source.getCertificates());
    }

    /** Reads classes out of a jar in a jar, whose URLs only it can open. */
    private static final class NestedJars extends ClassLoader {

        private final byte[] outer;
        private final String inner;

        NestedJars(byte[] outer, String inner) {
            super(ContainersIT.class.getClassLoader());
            this.outer = outer;
            this.inner = inner;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try {
                byte[] classFile = entry(entry(outer, inner), name + ".class");
                URL location = new URL(null, "nested:" + inner + "!/", new Handler());
                CodeSource source = new CodeSource(location, (Certificate[]) null);
                return defineClass(name, classFile, 0, classFile.length, new ProtectionDomain(source, null));
            } catch (IOException notHere) {
                throw new ClassNotFoundException(name, notHere);
            }
        }

        private static byte[] entry(byte[] jar, String name) throws IOException {
            try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    if (entry.getName().equals(name)) {
                        return in.readAllBytes();
                    }
                }
            }
            throw new IOException("no " + name);
        }
    }

    private static final class Handler extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            throw new IOException("only the loader opens " + url);
        }
    }

    private static byte[] jar(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            jar.putNextEntry(new JarEntry(name));
            jar.write(content);
        }
        return bytes.toByteArray();
    }

    private static Object contained(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass("Contained").getDeclaredConstructor().newInstance();
    }

    @SuppressWarnings("unchecked") // as the source has it
    private static Function<Boolean, String> functionOf(Object contained) {
        return (Function<Boolean, String>) contained;
    }
}
