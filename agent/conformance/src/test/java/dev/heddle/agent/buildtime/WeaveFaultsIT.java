package dev.heddle.agent.buildtime;

import static dev.heddle.agent.buildtime.WeaveRun.agentJar;
import static dev.heddle.agent.buildtime.WeaveRun.java;
import static dev.heddle.agent.buildtime.WeaveRun.tool;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;

/** Weaving at build time what no compiler writes. */
@Tag("slow")
class WeaveFaultsIT {

    private static final byte[] MAGIC = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};

    @TempDir
    private Path directory;

    private Path classes;
    private byte[] demo;

    @BeforeEach
    void compile() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
        Program.compile(classes, "Demo", WeaveRun.DEMO);
        demo = Files.readAllBytes(classes.resolve("Demo.class"));
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /** A jar of a few hundred kilobytes with an entry, starting with {@code start}, that needs more memory than there is. */
    private Path bomb(String name, byte[] start) throws IOException {
        Path jar = directory.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            add(zip, "Demo.class", demo);
            zip.putNextEntry(new ZipEntry("Bomb.class"));
            zip.write(start);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 128; i++) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }
        return jar;
    }

    /** A directory with a class file of {@code size} bytes, most of which are on no disk. */
    private Path huge(String name, byte[] start, long size) throws IOException {
        Path huge = Files.createDirectory(directory.resolve(name));
        try (RandomAccessFile file =
                new RandomAccessFile(huge.resolve("Huge.class").toFile(), "rw")) {
            file.write(start);
            file.setLength(size);
        }
        return huge;
    }

    /** A class with annotations in annotations, at which a parser that calls itself runs out of stack. */
    private Path nested() throws IOException {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(demo).accept(writer, 0);
        List<AnnotationVisitor> annotations = new ArrayList<>(List.of(writer.visitAnnotation("LDeep;", true)));
        for (int i = 0; i < 200_000; i++) {
            annotations.add(annotations.get(i).visitAnnotation("a", "LDeep;"));
        }
        for (int i = annotations.size() - 1; i >= 0; i--) {
            annotations.get(i).visitEnd();
        }
        Path nested = Files.createDirectory(directory.resolve("nested"));
        Files.write(nested.resolve("Demo.class"), writer.toByteArray());
        return nested;
    }

    @Test
    void anErrorIsOneLineAndTheNextPathsAreDone() throws Exception {
        Path bomb = bomb("bomb.jar", MAGIC);
        Path zeros = bomb("zeros.jar", new byte[0]);
        Path huge = huge("huge", MAGIC, 5L << 30);
        Path empty = huge("empty", new byte[0], 5L << 30);
        Path nested = nested();
        byte[] before = Files.readAllBytes(bomb);

        Outcome outcome =
                tool("java", "-Xmx64m", "-jar", Program.agentJar(), "weave", bomb, zeros, huge, empty, nested, classes);

        String malformed = " is not a well-formed class file (JVMS 4); compile it again";
        String left = " is left as it is, because of 1 malformed class file";
        List<String> expected = List.of(
                "cannot weave " + bomb + ": java.io.IOException: " + bomb + "!/Bomb.class: java.lang.OutOfMemoryError",
                zeros + "!/Bomb.class" + malformed,
                zeros + left,
                "cannot weave " + huge + ": java.io.IOException: " + huge.resolve("Huge.class")
                        + ": java.lang.OutOfMemoryError",
                empty.resolve("Huge.class") + malformed,
                empty + left,
                "cannot weave " + nested + ": java.io.IOException: " + nested.resolve("Demo.class")
                        + ": java.lang.StackOverflowError");
        List<String> lines = outcome.err().lines().toList();
        assertEquals(expected.size(), lines.size(), outcome.err());
        for (int i = 0; i < lines.size(); i++) {
            assertTrue(lines.get(i).startsWith("heddle-agent: " + expected.get(i)), outcome.err());
        }
        assertEquals(2, outcome.exitCode());
        assertEquals("woven 1 of 1 class in " + classes + "\n", outcome.out());
        assertArrayEquals(before, Files.readAllBytes(bomb));
    }

    /** Files that are not woven are copied without being held in memory. */
    @Test
    void aLargeResourceIsCopied() throws Exception {
        Path jar = directory.resolve("large.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            add(zip, "Demo.class", demo);
            zip.putNextEntry(new ZipEntry("large.bin"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 128; i++) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }

        assertEquals(
                new Outcome(0, "woven 1 of 1 class in " + jar + "\n", ""),
                tool("java", "-Xmx64m", "-jar", Program.agentJar(), "weave", jar));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            assertEquals(128L << 20, zip.getEntry("large.bin").getSize());
        }
    }

    /** {@link ZipOutputStream} writes no name twice, so one is changed afterwards. */
    @ParameterizedTest
    @ValueSource(ints = {7, 17})
    void ofEntriesOfOneNameTheOneThatTheJvmTakesIsWoven(int last) throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Program.compile(other, "Demo", WeaveRun.DEMO.replace("work(7)", "work(17)"));
        byte[] newer = Files.readAllBytes(other.resolve("Demo.class"));
        Path jar = directory.resolve("twice.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            add(zip, "Dem0.class", last == 7 ? newer : demo);
            add(zip, "text.txt", new byte[10]);
            add(zip, "Demo.class", last == 7 ? demo : newer);
        }
        String bytes = Files.readString(jar, StandardCharsets.ISO_8859_1);
        Files.writeString(jar, bytes.replace("Dem0.class", "Demo.class"), StandardCharsets.ISO_8859_1);
        Outcome right = new Outcome(0, last + "\n", "");
        assertEquals(right, java(jar, "Demo", "-javaagent:" + Program.agentJar()));

        assertEquals(new Outcome(0, "woven 1 of 1 class in " + jar + "\n", ""), agentJar("weave", jar));

        assertEquals(right, java(jar, "Demo"));
        assertEquals(List.of("Demo.class", "text.txt"), names(jar));
    }

    private static List<String> names(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().map(ZipEntry::getName).toList();
        }
    }

    @Test
    void namesThatLeadOutOfAJarStayInIt() throws Exception {
        List<String> names = List.of(
                "../Out.class",
                "../../../../../../../../../../tmp/heddle-out/Demo.class",
                "/Absolute.class",
                "a/../../Up.class",
                "back\\..\\..\\slash.class",
                "C:\\Drive.class",
                "CON.class",
                "nul/Demo.class",
                "a//b.class",
                "x".repeat(400) + ".class",
                ".class");
        Path in = Files.createDirectories(directory.resolve("a/b/c"));
        Path jar = in.resolve("odd.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : names) {
                add(zip, name, demo);
            }
        }
        Map<String, String> before = WeaveRun.state(directory);
        Path out = in.resolve("out");
        String summary = "woven 11 of 11 classes in " + jar + "\n";

        assertEquals(new Outcome(0, summary, ""), agentJar("weave", "--out", out, jar));
        assertEquals(new Outcome(0, summary, ""), agentJar("weave", jar));

        assertEquals(names, names(jar));
        assertEquals(names, names(out.resolve("odd.jar")));
        List<String> files = new ArrayList<>(before.keySet());
        files.add("a/b/c/out/odd.jar");
        assertEquals(
                files.stream().sorted().toList(),
                List.copyOf(WeaveRun.state(directory).keySet()));
    }

    private byte[] withStack(int size) {
        ClassNode node = new ClassNode();
        new ClassReader(demo).accept(node, 0);
        node.methods.stream().filter(method -> method.name.equals("work")).forEach(method -> method.maxStack = size);
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    /** Class files that the JVM refuses, though not once they have been written anew. */
    @Test
    void whatDoesNotLinkAsCompiledIsReported() throws Exception {
        Map<String, byte[]> broken = Map.of(
                "longer", Arrays.copyOf(demo, demo.length + 1),
                "stack", withStack(0));
        for (Map.Entry<String, byte[]> each : broken.entrySet()) {
            Path path = Files.createDirectory(directory.resolve(each.getKey()));
            Path file = Files.write(path.resolve("Demo.class"), each.getValue());
            Outcome asCompiled = java(path, "Demo");
            assertTrue(asCompiled.err().contains("ClassFormatError")
                    || asCompiled.err().contains("VerifyError"));

            Outcome outcome = agentJar("weave", path, classes);

            assertEquals(2, outcome.exitCode());
            List<String> lines = outcome.err().lines().toList();
            assertEquals(2, lines.size(), outcome.err());
            assertTrue(
                    lines.get(0)
                            .startsWith(
                                    "heddle-agent: " + file + " does not link as it was compiled, which weaving would"
                                            + " hide; compile it again: java.lang."),
                    outcome.err());
            assertArrayEquals(each.getValue(), Files.readAllBytes(file));
            assertTrue(outcome.out().endsWith(" of 1 class in " + classes + "\n"), outcome.out());
        }
    }

    @Test
    void directoriesNamedAsFilesAreDirectories() throws Exception {
        Path jar = Files.createDirectory(classes.resolve("lib.jar"));
        Path named = Files.createDirectory(jar.resolve("Demo.class"));
        Files.write(named.resolve("Demo.class"), demo);

        assertEquals(new Outcome(0, "woven 2 of 2 classes in " + classes + "\n", ""), agentJar("weave", classes));
        assertEquals(new Outcome(0, "woven 0 of 1 class in " + jar + "\n", ""), agentJar("weave", jar));
        try (Stream<Path> files = Files.list(named)) {
            assertEquals(1, files.count());
        }
    }
}
