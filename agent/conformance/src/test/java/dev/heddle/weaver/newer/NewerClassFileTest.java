package dev.heddle.weaver.newer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.CompactWeaver;
import dev.heddle.weaver.OlderAsm;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.UnsupportedClassFile;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenShapes;
import dev.heddle.weaver.refusals.RefusedClass;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Class files that are newer than ASM are parsed through the JDK's class-file API. The woven class is then the same, to the byte, as
 * with an ASM that knows them.
 */
class NewerClassFileTest {

    private static final String NAME = "target.Features";

    /** A little of everything that a class file can contain, around awaits. */
    private static final String FEATURES = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.lang.annotation.*;
            import java.util.*;
            import java.util.function.*;

            @Features.Every(names = {"a", "b"}, numbers = {1, 2}, none = {}, type = int[].class, nested = @Features.Part(3))
            public sealed class Features<T extends Comparable<? super T>> permits Features.Leaf {
                @Retention(RetentionPolicy.RUNTIME) @interface Part { int value() default 7; }

                @Retention(RetentionPolicy.RUNTIME)
                @interface Every { String[] names(); int[] numbers(); long[] none(); Class<?> type(); Part nested(); }

                @Retention(RetentionPolicy.CLASS)
                @Target({ElementType.TYPE_USE, ElementType.PARAMETER}) @interface Use { int value() default 0; }

                static final class Leaf extends Features<String> {}

                record Generic<A, B extends List<A>>(@Use A single, A[] array, B list, @Deprecated Map<A, ? extends B> map) {
                    @Async
                    static <X> Coroutine<Generic<X, List<X>>> of(Script s, X x) {
                        return Coroutine.of(new Generic<>(await(s.later(x)), null, List.of(x), Map.of()));
                    }
                }

                record Empty() {}

                enum Color { RED, GREEN { @Override String show() { return "green"; } }; String show() { return name(); } }

                static final String TEXT = "text\\0\\uD800 end";
                static final double NUMBER = Double.MIN_VALUE;
                @Deprecated transient volatile int field;

                @Async
                static Coroutine<String> switches(Script s) {
                    String r = "";
                    for (Color color : Color.values()) {
                        r += switch (color) { case RED -> await(s.later("r")); case GREEN -> color.show() + await(s.later(1)); };
                        switch (r.length()) { case -1000: r += 1; break; case 70000: r += 2; default: r += await(s.later("d")); }
                    }
                    return Coroutine.of(r);
                }

                @Async
                @SuppressWarnings({"unchecked", "rawtypes"})
                static Coroutine<String> annotated(@Use(1) Script s) throws RuntimeException {
                    @Use List<@Use(2) String> list = new @Use ArrayList<@Use(3) String>();
                    try {
                        Object o = (@Use(4) Object) await(s.later("x"));
                        list.add(o instanceof @Use String t ? t : "none");
                        Supplier<List<String>> made = ArrayList<@Use(5) String>::new;
                        list.addAll(made.get());
                    } catch (@Use(6) IllegalStateException | IllegalArgumentException e) {
                        list.add(await(s.later(e.getMessage())));
                    }
                    return Coroutine.of(list + TEXT + NUMBER);
                }

                @Async
                static Coroutine<Long> wide(Script s) {
                    long a = await(s.later(1L)); double d = 2; float f = 3; byte[][] b = new byte[2][3]; int[] counts = {1};
                    Function<Integer, Long> plus = i -> a + i + b.length;
                    for (int i = 0; i < 3; i++) {
                        counts[0] += await(s.later(i)) << 2;
                        synchronized (b) { d += f; }
                    }
                    class Local { long value() { return a + counts[0]; } }
                    return Coroutine.of(plus.apply((int) d) + new Local().value() + await(s.later((long) d)));
                }
            }
            """;

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void wovenShapesAreTheSame() {
        Map<String, byte[]> expected =
                WovenShapes.wovenBy(classFile -> Weaver.weave(classFile).classFile());
        Map<String, byte[]> actual =
                WovenShapes.wovenBy(classFile -> OlderAsm.weave(classFile).classFile());
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, woven) -> assertArrayEquals(woven, actual.get(name), name));
        assertTrue(actual.values().stream().filter(woven -> woven != null).count() >= Shapes.CLASSES.size());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void compactShapesAreTheSame() {
        Map<String, byte[]> expected =
                WovenShapes.wovenBy(classFile -> CompactWeaver.weave(classFile).classFile());
        Map<String, byte[]> actual = WovenShapes.wovenBy(
                classFile -> OlderAsm.weaveCompactly(classFile).classFile());
        expected.forEach((name, woven) -> assertArrayEquals(woven, actual.get(name), name));
    }

    @TestFactory
    @EnabledForJreRange(min = JRE.JAVA_24)
    Stream<DynamicContainer> shapesRun() {
        return Stream.of("BasicShapes", "ExceptionShapes", "ConstructionShapes")
                .map(name -> DynamicContainer.dynamicContainer(
                        name, Shapes.of(Shapes.PACKAGE + name, Map.of(), OlderAsm::weaveVerified)));
    }

    @TestFactory
    @EnabledForJreRange(min = JRE.JAVA_24)
    Stream<DynamicContainer> featuresRun() {
        return Stream.of("-g", "-g:none")
                .map(option -> DynamicContainer.dynamicContainer(
                        option,
                        Shapes.of(
                                NAME,
                                SourceCompiler.compile(NAME, FEATURES, option, "-parameters"),
                                OlderAsm::weaveVerified)));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void wovenFeaturesAreTheSame() {
        for (String option : List.of("-g", "-g:none")) {
            SourceCompiler.compile(NAME, FEATURES, option, "-parameters").forEach((name, classFile) -> {
                byte[] bare = withoutTypeAnnotationsInCode(classFile);
                assertSame(name, Weaver.weave(bare), OlderAsm.weave(classFile));
                assertArrayEquals(rewrite(bare), OlderAsm.rewrite(classFile), name);
            });
        }
    }

    /** Source maps of other languages, and attributes that neither ASM nor the JDK knows. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void unknownAttributesAndSourceMapsAreKept() {
        byte[] classFile = features(node -> {
            node.sourceDebug = "SMAP\nFeatures.kt\nKotlin\n*S Kotlin\n*F\n+ 1 \u00e9\u4e2d.kt\nx\n*L\n1#1,5:1\n*E\n";
            node.visitAttribute(new Extra("ScalaSig", false));
            node.methods.forEach(method -> method.visitAttribute(new Extra("OfMethod", false)));
            node.fields.forEach(field -> field.visitAttribute(new Extra("OfField", false)));
        });
        WeaveResult woven = OlderAsm.weave(classFile);
        assertSame(NAME, Weaver.weave(withoutTypeAnnotationsInCode(classFile)), woven);
        ClassNode node = WovenShapes.parse(woven.classFile());
        assertTrue(node.sourceDebug.contains("\u4e2d"));
        assertEquals("ScalaSig", node.attrs.get(0).type);
        assertEquals("OfField", node.fields.get(0).attrs.get(0).type);
    }

    /** Its bytes may be offsets into the code, which weaving changes. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void anUnknownAttributeOfCodeIsRefused() {
        byte[] classFile = features(node -> node.methods.get(0).visitAttribute(new Extra("OfCode", true)));
        String message = assertThrows(UnsupportedClassFile.class, () -> OlderAsm.weave(classFile))
                .getMessage();
        assertTrue(message.contains("OfCode"), message);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void refusalsAreTheSame() {
        RefusedClass bad = RefusedClass.of("""
                    static int work(Script s) {
                        return await(s.later(1));
                    }

                    @Async
                    static synchronized Coroutine<Integer> locked(Script s) {
                        return Coroutine.of(await(s.later(1)));
                    }
                """);
        byte[] classFile = bad.classFiles().get(RefusedClass.NAME);
        WeaveResult actual = OlderAsm.weave(classFile);
        assertEquals(2, actual.refusals().size());
        assertSame(RefusedClass.NAME, Weaver.weave(classFile), actual);
    }

    /** The JDK knows this attribute and ASM does not, as it may be with those of the next Java. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void anAttributeThatWouldBeLostIsRefused() {
        byte[] classFile = features(node -> node.visitAttribute(new Extra("ModuleTarget", false)));
        int version = ClassFileFilter.majorVersion(classFile);
        assertEquals(
                "is of Java " + (version - 44) + " (class-file version " + version
                        + ") and has a part that this agent does not know (attribute ModuleTarget); use a newer "
                        + "heddle-agent.jar, or compile it with --release 16 or older",
                assertThrows(UnsupportedClassFile.class, () -> OlderAsm.weave(classFile))
                        .getMessage());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void aConstantOfAnUnknownKindIsRefused() {
        byte[] classFile = features(node -> {});
        classFile[10] = 99; // the tag of the first constant
        String message = assertThrows(UnsupportedClassFile.class, () -> OlderAsm.weave(classFile))
                .getMessage();
        assertTrue(message.contains("(constant 1 has the unknown tag 99)"), message);
    }

    @Test
    void aClassFileThatIsNewerThanTheJdkIsRefused() {
        int jdk = Runtime.version().feature();
        byte[] classFile = features(node -> node.version = 99);
        String newest = jdk < 24 ? "16" : String.valueOf(jdk);
        assertEquals(
                "is of Java 55 (class-file version 99), newer than this JDK " + jdk
                        + "; use JDK 55 or newer, or compile it with --release " + newest + " or older",
                assertThrows(UnsupportedClassFile.class, () -> OlderAsm.weave(classFile))
                        .getMessage());
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void withoutTheApiTheClassFileIsRefused() {
        byte[] classFile =
                SourceCompiler.compile(NAME, FEATURES, "--release", "17").get(NAME);
        assertEquals(
                "is of Java 17 (class-file version 61), which this agent parses on JDK 24 and newer only; use such a "
                        + "JDK or a newer heddle-agent.jar, or compile it with --release 16 or older",
                assertThrows(UnsupportedClassFile.class, () -> OlderAsm.weave(classFile))
                        .getMessage());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void aPartOfTheJdkIsTheSame() throws IOException {
        assertTrue(rewriteAll("java.base", "java/util") > 1_000);
    }

    @Test
    @Tag("slow")
    @Tag("sweep")
    @EnabledForJreRange(min = JRE.JAVA_24)
    void theWholeJdkIsTheSame() throws IOException {
        assertTrue(rewriteAll("", "") > 20_000);
    }

    /** Compares every class of the JDK below a module and a package, parsed and written anew. Returns their number. */
    private static int rewriteAll(String module, String directory) throws IOException {
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", module, directory);
        int classes = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.toString();
                if (!name.endsWith(".class")) {
                    continue;
                }
                byte[] classFile = Files.readAllBytes(file);
                if (name.endsWith("/module-info.class")) {
                    refusedOrSame(name, classFile);
                } else {
                    assertArrayEquals(rewrite(classFile), OlderAsm.rewrite(classFile), name);
                    classes++;
                }
            }
        }
        return classes;
    }

    /** The descriptors of the JDK's modules have attributes that ASM does not know. */
    private static void refusedOrSame(String name, byte[] classFile) {
        try {
            assertEquals(
                    ClassFileFilter.majorVersion(rewrite(classFile)),
                    ClassFileFilter.majorVersion(OlderAsm.rewrite(classFile)),
                    name);
        } catch (UnsupportedClassFile refused) {
            assertTrue(refused.getMessage().contains("(attribute ModuleTarget)"), refused.getMessage());
        }
    }

    private static byte[] rewrite(byte[] classFile) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        WovenShapes.parse(classFile).accept(writer);
        return writer.toByteArray();
    }

    static void assertSame(String name, WeaveResult expected, WeaveResult actual) {
        assertEquals(expected.refusals(), actual.refusals(), name);
        assertEquals(expected.dropped(), actual.dropped(), name);
        assertEquals(expected.warnings(), actual.warnings(), name);
        assertTrue(Arrays.equals(expected.classFile(), actual.classFile()), name);
    }

    /** The class file as ASM shows it, without the annotations that are left out. */
    private static byte[] withoutTypeAnnotationsInCode(byte[] classFile) {
        ClassNode node = WovenShapes.parse(classFile);
        for (MethodNode method : node.methods) {
            method.visibleLocalVariableAnnotations = null;
            method.invisibleLocalVariableAnnotations = null;
            for (TryCatchBlockNode handler : method.tryCatchBlocks) {
                handler.visibleTypeAnnotations = null;
                handler.invisibleTypeAnnotations = null;
            }
            for (AbstractInsnNode instruction : method.instructions) {
                instruction.visibleTypeAnnotations = null;
                instruction.invisibleTypeAnnotations = null;
            }
        }
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    /** The class file of the features after a change. */
    private static byte[] features(Consumer<ClassNode> change) {
        byte[] classFile = SourceCompiler.compile(NAME, FEATURES, "-g").get(NAME);
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, 0);
        change.accept(node);
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    /** An attribute of two bytes. */
    private static final class Extra extends Attribute {

        private final boolean isOfCode;

        Extra(String type, boolean isOfCode) {
            super(type);
            this.isOfCode = isOfCode;
        }

        @Override
        public boolean isCodeAttribute() {
            return isOfCode;
        }

        @Override
        protected ByteVector write(ClassWriter writer, byte[] code, int length, int maxStack, int maxLocals) {
            return new ByteVector().putShort(1);
        }
    }
}
