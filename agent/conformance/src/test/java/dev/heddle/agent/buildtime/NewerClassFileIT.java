package dev.heddle.agent.buildtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import dev.heddle.weaver.OlderAsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;

/** The agent and the command where ASM is older than the class files of the running JDK. */
class NewerClassFileIT {

    private static final String DROPS = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Drops {
                static void main() {
                    sleep(1);
                }
            }
            """;

    private static final String TOO_NEW =
            " is of Java 17 (class-file version 61), which this agent parses on JDK 24 and"
                    + " newer only; use such a JDK or a newer heddle-agent.jar, or compile it with --release 16 or older\n";

    @TempDir
    Path directory;

    private Path classes;
    private Path agent;

    @BeforeEach
    void compile() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
        agent = OlderAsm.agentJar(directory);
        Program.compile(classes, "Demo", WeaveRun.DEMO);
    }

    private Outcome weave(Object... arguments) throws Exception {
        // Not -jar, which starts the agent, too: it would parse the classes of the command.
        List<Object> command = new ArrayList<>(List.of("-cp", agent, "dev.heddle.agent.Main", "weave"));
        command.addAll(List.of(arguments));
        return WeaveRun.tool("java", command.toArray());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void theAgentWeaves() throws Exception {
        Path loaded = directory.resolve("loaded.txt");
        Outcome outcome = WeaveRun.java(
                classes,
                "Demo",
                "-javaagent:" + agent + "=verify=true,dump=" + directory.resolve("dump"),
                "-Xlog:class+load:file=" + loaded);

        assertEquals(new Outcome(0, "7\n", ""), outcome);
        assertTrue(Files.readString(loaded).contains("dev.heddle.shaded.bridge.JdkClassReader "));
        assertArrayEquals(
                WeaveRun.wovenByTheAgent(classes, "Demo", "Demo"),
                Files.readAllBytes(directory.resolve("dump/Demo.class")));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void theCommandWeavesTheSame() throws Exception {
        Program.compile(classes, "Hello", WeaveRun.HELLO);
        Program.compile(classes, "Refused", WeaveRun.REFUSED);
        Program.compile(classes, "Drops", DROPS);
        Path out = directory.resolve("out");
        Path expected = directory.resolve("expected");

        Outcome check = weave("--check", classes);
        assertEquals(WeaveRun.agentJar("weave", "--check", classes), check);
        assertTrue(
                check.err().startsWith(WeaveRun.REFUSED_MESSAGE) || check.err().contains("dropped"), check.err());
        assertEquals(1, check.exitCode());

        assertEquals(1, weave("--out", out, classes).exitCode());
        assertEquals(1, WeaveRun.agentJar("weave", "--out", expected, classes).exitCode());
        for (String name : List.of("Demo", "Hello", "Refused", "Drops")) {
            assertArrayEquals(
                    Files.readAllBytes(expected.resolve(name + ".class")),
                    Files.readAllBytes(out.resolve(name + ".class")),
                    name);
        }
        assertEquals(new Outcome(0, "7\n", ""), WeaveRun.java(out, "Demo"));
        assertEquals(
                "woven 0 of 4 classes in " + out + "; 1 refused, left as compiled; 1 dropped\n",
                weave(out).out());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void anAttributeThatWouldBeLostIsRefusedInOneLine() throws Exception {
        Path demo = classes.resolve("Demo.class");
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(Files.readAllBytes(demo)).accept(writer, 0);
        writer.visitAttribute(new ModuleTarget());
        Files.write(demo, writer.toByteArray());
        String rule = " is of Java 17 (class-file version 61) and has a part that this agent does not know (attribute"
                + " ModuleTarget); use a newer heddle-agent.jar, or compile it with --release 16 or older\n";

        assertEquals(
                new Outcome(
                        1,
                        "woven 0 of 1 class in " + classes + "; 1 refused, left as compiled\n",
                        "heddle-agent: " + demo + rule),
                weave(classes));
        Outcome run = WeaveRun.java(classes, "Demo", "-javaagent:" + agent);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("heddle-agent: Demo" + rule), run.err());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void aTruncatedFileIsNoNewerOne() throws Exception {
        Path demo = classes.resolve("Demo.class");
        byte[] classFile = Files.readAllBytes(demo);
        Files.write(demo, Arrays.copyOf(classFile, classFile.length - 1));

        assertEquals(
                new Outcome(
                        2,
                        "",
                        "heddle-agent: " + demo + " does not link as it was compiled, which weaving would hide;"
                                + " compile it again: java.lang.ClassFormatError: Truncated class file\n"
                                + "heddle-agent: " + classes
                                + " is left as it is, because of 1 malformed class file\n"),
                weave(classes));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void withoutTheApiTheCommandRefuses() throws Exception {
        Program.compile(classes, "Hello", WeaveRun.HELLO);
        Program.compile(classes, "Drops", DROPS);
        Outcome expected = new Outcome(
                1,
                "woven 0 of 3 classes in " + classes + "; 1 refused, left as compiled\n",
                "heddle-agent: " + classes.resolve("Demo.class") + TOO_NEW + "heddle-agent: "
                        + classes.resolve("Drops.class") + TOO_NEW);
        assertEquals(expected, weave(classes));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void withoutTheApiTheAgentRefuses() throws Exception {
        Outcome run = WeaveRun.java(classes, "Demo", "-javaagent:" + agent);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("heddle-agent: Demo" + TOO_NEW), run.err());
    }

    /** An attribute that the JDK knows and ASM does not. */
    private static final class ModuleTarget extends Attribute {

        ModuleTarget() {
            super("ModuleTarget");
        }

        @Override
        protected ByteVector write(ClassWriter writer, byte[] code, int length, int maxStack, int maxLocals) {
            return new ByteVector().putShort(writer.newUTF8("none"));
        }
    }
}
