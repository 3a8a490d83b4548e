package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.agent.buildtime.WeaveRun;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's jar in JVMs of its own, as users start it. */
class AgentIT {

    private static final String REFUSED = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Refused {
                @Async
                static Coroutine<Integer> locked(Object lock) {
                    synchronized (lock) {
                        return Coroutine.of(await(work()));
                    }
                }

                @Async
                static Coroutine<Integer> work() {
                    await(sleep(0));
                    return Coroutine.of(3);
                }

                public static void main(String[] args) {
                    System.out.println(run(work()));
                    try {
                        run(locked("lock"));
                    } catch (IllegalStateException e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
            """;

    private static final String REFUSED_MESSAGE =
            "Refused.locked (Refused.java:8): await inside a synchronized block, whose"
                    + " monitor would stay locked while others run; use dev.heddle.sync.Lock, or await before or after the block";

    @TempDir
    private Path directory;

    @Test
    void runsAProgram() throws Exception {
        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO)
                .withAgent("verify=true")
                .run("Demo");

        assertEquals(new Outcome(0, "7\n", ""), outcome);
    }

    /** The first class that is woven would wait for dozens of generated classes. */
    @Test
    void linksNothingThatRecordsHaveByThemselves() throws Exception {
        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO)
                .with("-Xlog:class+load")
                .withAgent("")
                .run("Demo");

        assertTrue(outcome.out().contains("dev.heddle.weaver.emit.FrameLayout$Place "), outcome.out());
        assertFalse(outcome.out().contains("java.lang.runtime.ObjectMethods "), outcome.out());
    }

    @Test
    void runsAProgramOnTheModulePath() throws Exception {
        Program program = Program.compileModule(directory, "demo", "Demo", "package demo;\n" + WeaveRun.DEMO);

        assertEquals(new Outcome(0, "7\n", ""), program.withAgent("verify=true").runModule("demo/demo.Demo"));
    }

    @Test
    void withoutTheAgentAwaitSaysHowToStartIt() throws Exception {
        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO).run("Demo");

        assertEquals(1, outcome.exitCode());
        assertTrue(
                outcome.err()
                        .startsWith(
                                "Exception in thread \"main\" java.lang.IllegalStateException: Demo.work (Demo.java:7):"
                                        + " await in a class that was not woven; start the JVM with -javaagent:heddle-agent.jar, which says"
                                        + " on standard error what it cannot weave, or let heddle-maven-plugin weave the class in the build\n"),
                outcome.err());
    }

    @Test
    void anUnknownOptionIsOneLineAndEndsTheJvm() throws Exception {
        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO)
                .withAgent("verfy=true")
                .run("Demo");

        assertEquals(
                new Outcome(
                        1,
                        "",
                        "heddle-agent: unknown option 'verfy'; the options are dump=DIR, verify=true|false,"
                                + " log=off|error|info, separated by commas\n"),
                outcome);
    }

    @Test
    void aRefusalIsReportedAndThrownAndTheRestOfTheClassWorks() throws Exception {
        Outcome outcome =
                Program.compile(directory, "Refused", REFUSED).withAgent("").run("Refused");

        assertEquals(
                new Outcome(0, "3\n" + REFUSED_MESSAGE + "\n", "heddle-agent: " + REFUSED_MESSAGE + "\n"), outcome);
    }

    @Test
    void logOffReportsNothingAndStillThrows() throws Exception {
        Outcome outcome = Program.compile(directory, "Refused", REFUSED)
                .withAgent("log=off")
                .run("Refused");

        assertEquals(new Outcome(0, "3\n" + REFUSED_MESSAGE + "\n", ""), outcome);
    }

    @Test
    void logInfoNamesEachWovenClass() throws Exception {
        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO)
                .withAgent("log=info")
                .run("Demo");

        assertEquals(new Outcome(0, "7\n", "heddle-agent: woven Demo\n"), outcome);
    }

    @Test
    void dumpWritesTheWovenClass() throws Exception {
        Path dump = directory.resolve("dump");

        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO)
                .withAgent("dump=" + dump)
                .run("Demo");

        assertEquals(0, outcome.exitCode());
        byte[] woven = Files.readAllBytes(dump.resolve("Demo.class"));
        assertFalse(Arrays.equals(woven, Files.readAllBytes(directory.resolve("Demo.class"))));
    }

    @Test
    void aClassFileFromTheFutureIsOneClearError() throws Exception {
        Program program = Program.compile(directory, "Demo", WeaveRun.DEMO);
        program.setMajorVersion("Demo", 99);
        int jdk = Runtime.version().feature();

        Outcome outcome = program.withAgent("").run("Demo");

        assertEquals(1, outcome.exitCode());
        assertTrue(
                outcome.err()
                        .startsWith("heddle-agent: Demo is of Java 55 (class-file version 99), newer than this JDK "
                                + jdk + "; use JDK 55 or newer, or compile it with --release " + jdk + " or older\n"),
                outcome.err());
    }

    @Test
    void aClassThatNeverNamesHeddleIsNotParsed() throws Exception {
        Outcome outcome = Program.compile(directory, "Hello", WeaveRun.HELLO)
                .withAgent("")
                .with("-Xlog:class+load:file=" + directory.resolve("loaded.txt"))
                .run("Hello");

        assertEquals(new Outcome(0, "hello\n", ""), outcome);
        List<String> loaded = Files.readAllLines(directory.resolve("loaded.txt"));
        assertTrue(loaded.stream().anyMatch(line -> line.contains("dev.heddle.agent.WeavingTransformer")));
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(line -> line.contains("dev.heddle.shaded") || line.contains("weaver.Weaver"))
                        .toList());
    }

    /** Its classes would add to a cold start, and older JDKs have none of the classes that it uses. */
    @Test
    void theBridgeIsNotLoadedForAClassFileThatAsmKnows() throws Exception {
        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO)
                .withAgent("verify=true")
                .with("-Xlog:class+load:file=" + directory.resolve("loaded.txt"))
                .run("Demo");

        assertEquals(new Outcome(0, "7\n", ""), outcome);
        List<String> loaded = Files.readAllLines(directory.resolve("loaded.txt"));
        assertTrue(loaded.stream().anyMatch(line -> line.contains("dev.heddle.weaver.ClassParser")));
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(line -> line.contains("dev.heddle.shaded.bridge") || line.contains("JdkParser"))
                        .toList());
    }

    @Test
    void theJarHoldsTheAgentAndARelocatedAsmWithItsBridgeAndNothingElse() throws IOException {
        try (JarFile jar = new JarFile(Program.agentJar())) {
            List<String> strangers = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/")
                            && !name.startsWith("dev/heddle/agent/")
                            && !name.startsWith("dev/heddle/weaver/")
                            && !name.startsWith("dev/heddle/shaded/asm/")
                            && !name.startsWith("dev/heddle/shaded/bridge/"))
                    .toList();

            assertEquals(List.of(), strangers);
            for (String entry : List.of("Premain-Class", "Agent-Class", "Launcher-Agent-Class")) {
                assertEquals(
                        "dev.heddle.agent.PreMain",
                        jar.getManifest().getMainAttributes().getValue(entry));
            }
        }
    }
}
