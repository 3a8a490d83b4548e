package dev.heddle.agent.buildtime;

import static dev.heddle.agent.buildtime.WeaveRun.agentJar;
import static dev.heddle.agent.buildtime.WeaveRun.java;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.agent.InProcessAgent;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weaving directories of class files at build time, from the command line. */
class WeaveIT {

    private static final FileTime BEFORE = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    private Path directory;

    private Path classes;

    @BeforeEach
    void compile() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
        Program.compile(classes, "Demo", WeaveRun.DEMO);
        Program.compile(classes, "Hello", WeaveRun.HELLO);
        for (String file : new String[] {"Demo.class", "Demo.java", "Hello.class", "Hello.java"}) {
            Files.setLastModifiedTime(classes.resolve(file), BEFORE);
        }
    }

    private static Outcome done(String summary) {
        return new Outcome(0, summary + "\n", "");
    }

    private static Outcome failed(String... problems) {
        StringBuilder lines = new StringBuilder();
        Arrays.stream(problems)
                .forEach(problem ->
                        lines.append("heddle-agent: ").append(problem).append('\n'));
        return new Outcome(2, "", lines.toString());
    }

    @Test
    void aWovenProgramRunsWithoutTheAgent() throws Exception {
        assertEquals(done("woven 1 of 2 classes in " + classes), agentJar("weave", classes));
        assertEquals(new Outcome(0, "7\n", ""), java(classes, "Demo"));
    }

    @Test
    void theOutputIsWhatTheAgentMakes() throws Exception {
        byte[] expected = WeaveRun.wovenByTheAgent(classes, "Demo", "Demo");

        agentJar("weave", classes);

        assertArrayEquals(expected, Files.readAllBytes(classes.resolve("Demo.class")));
    }

    /** Every shape of method that the tests of the weaver have. */
    @Test
    void everyClassIsWhatTheAgentMakes() throws Exception {
        Path tests = Path.of(WeaveIT.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path shapes = Path.of("dev/heddle/weaver/shapes");
        Path out = directory.resolve("out");
        InProcessAgent agent = new InProcessAgent();

        assertEquals(0, agentJar("weave", "--out", out, tests.resolve(shapes)).exitCode());

        int woven = 0;
        for (String name : WeaveRun.state(out).keySet()) {
            byte[] compiled = Files.readAllBytes(tests.resolve(shapes).resolve(name));
            String className = "dev/heddle/weaver/shapes/" + name.replace(".class", "");
            byte[] expected = agent.transform(WeaveIT.class.getClassLoader(), className, compiled);
            woven += expected == null ? 0 : 1;
            assertArrayEquals(expected == null ? compiled : expected, Files.readAllBytes(out.resolve(name)), name);
        }
        assertTrue(woven > 10, woven + " classes");
    }

    @Test
    void theAgentLeavesWovenClassesAlone() throws Exception {
        agentJar("weave", classes);
        Path dump = directory.resolve("dump");

        Outcome outcome = java(classes, "Demo", "-javaagent:" + Program.agentJar() + "=log=info,dump=" + dump);

        assertEquals(new Outcome(0, "7\n", ""), outcome);
        assertFalse(Files.exists(dump));
    }

    @Test
    void onlyWhatChangesIsWritten() throws Exception {
        Map<String, String> before = WeaveRun.state(classes);

        agentJar("weave", classes);

        Map<String, String> after = WeaveRun.state(classes);
        assertFalse(before.remove("Demo.class").equals(after.remove("Demo.class")));
        assertEquals(before, after);
    }

    @Test
    void aSecondRunChangesNothing() throws Exception {
        agentJar("weave", classes);
        Map<String, String> before = WeaveRun.state(classes);

        assertEquals(done("woven 0 of 2 classes in " + classes), agentJar("weave", classes));
        assertEquals(before, WeaveRun.state(classes));
    }

    @Test
    void permissionsAreKept() throws Exception {
        Path demo = classes.resolve("Demo.class");
        Files.setPosixFilePermissions(demo, PosixFilePermissions.fromString("rw-r-xr--"));

        assertEquals(done("woven 1 of 2 classes in " + classes), agentJar("weave", classes));

        assertEquals("rw-r-xr--", PosixFilePermissions.toString(Files.getPosixFilePermissions(demo)));
        assertEquals(new Outcome(0, "7\n", ""), java(classes, "Demo"));
    }

    @Test
    void outWritesACompleteCopyAndLeavesTheDirectoryAlone() throws Exception {
        Map<String, String> before = WeaveRun.state(classes);
        Path out = directory.resolve("out/woven");

        assertEquals(done("woven 1 of 2 classes in " + classes), agentJar("weave", "--out", out, classes));

        assertEquals(before, WeaveRun.state(classes));
        Map<String, String> copy = WeaveRun.state(out);
        assertEquals(before.keySet(), copy.keySet());
        assertEquals(before.get("Hello.class"), copy.get("Hello.class"));
        assertEquals(new Outcome(0, "7\n", ""), java(out, "Demo"));
        assertEquals(done("woven 1 of 2 classes in " + classes), agentJar("weave", "--out", out, classes));
        assertEquals(copy, WeaveRun.state(out));
    }

    @Test
    void aRefusalIsReportedByEachRunAndTheOtherClassesAreWoven() throws Exception {
        Program.compile(classes, "Refused", WeaveRun.REFUSED);
        byte[] asCompiled = Files.readAllBytes(classes.resolve("Refused.class"));

        assertEquals(
                new Outcome(
                        1,
                        "woven 1 of 3 classes in " + classes + "; 1 refused, left as compiled\n",
                        WeaveRun.REFUSED_MESSAGE),
                agentJar("weave", classes));
        assertEquals(
                new Outcome(
                        1,
                        "woven 0 of 3 classes in " + classes + "; 1 refused, left as compiled\n",
                        WeaveRun.REFUSED_MESSAGE),
                agentJar("weave", classes));
        assertArrayEquals(asCompiled, Files.readAllBytes(classes.resolve("Refused.class")));
        assertEquals(new Outcome(0, "7\n", ""), java(classes, "Demo"));
    }

    @Test
    void checkReportsEveryMisuseAndWritesNothing() throws Exception {
        Program.compile(classes, "Refused", WeaveRun.REFUSED);
        Program.compile(classes, "Misused", """
                import static dev.heddle.Asyncio.*;
                import dev.heddle.*;

                class Misused {
                    Misused() {
                        await(sleep(0));
                    }

                    void outside() {
                        await(sleep(0));
                    }
                }
                """);
        Map<String, String> before = WeaveRun.state(classes);

        Outcome outcome = agentJar("weave", "--check", classes);

        assertEquals(
                new Outcome(
                        1,
                        "checked 4 classes in " + classes + "; 2 refused\n",
                        "heddle-agent: Misused.<init> (Misused.java:6): await in a constructor, which cannot suspend; await"
                                + " in a static @Async method that creates the object afterwards\n"
                                + "heddle-agent: Misused.outside (Misused.java:10): await outside an @Async method; annotate"
                                + " the method with @Async and let it return a Coroutine\n"
                                + WeaveRun.REFUSED_MESSAGE),
                outcome);
        assertEquals(before, WeaveRun.state(classes));
    }

    @Test
    void checkOfAProgramWithoutMisuseSucceedsAndWritesNothing() throws Exception {
        Map<String, String> before = WeaveRun.state(classes);

        assertEquals(done("checked 2 classes in " + classes), agentJar("weave", "--check", classes));
        assertEquals(before, WeaveRun.state(classes));
    }

    @Test
    void aMalformedClassFileIsOneLineAndItsDirectoryIsLeftAsItIs() throws Exception {
        Path truncated = classes.resolve("Truncated.class");
        Files.write(truncated, Arrays.copyOf(Files.readAllBytes(classes.resolve("Demo.class")), 400));
        Path text = Files.writeString(classes.resolve("Text.class"), "this is not a class file");
        Path empty = Files.createFile(classes.resolve("Empty.class"));
        Map<String, String> before = WeaveRun.state(classes);

        String rule = " is not a well-formed class file (JVMS 4); compile it again";
        assertEquals(
                failed(
                        empty + rule,
                        text + rule,
                        truncated + rule,
                        classes + " is left as it is, because of 3 malformed class files"),
                agentJar("weave", classes));
        assertEquals(before, WeaveRun.state(classes));
    }

    @Test
    void aClassFileFromTheFutureIsRefused() throws Exception {
        Path future = classes.resolve("Demo.class");
        byte[] bytes = Files.readAllBytes(future);
        bytes[7] = 99;
        Files.write(future, bytes);
        int jdk = Runtime.version().feature();

        assertEquals(
                new Outcome(
                        1,
                        "woven 0 of 2 classes in " + classes + "; 1 refused, left as compiled\n",
                        "heddle-agent: " + future
                                + " is of Java 55 (class-file version 99), newer than this JDK " + jdk
                                + "; use JDK 55 or newer, or compile it with --release " + jdk + " or older\n"),
                agentJar("weave", classes));
    }

    @Test
    void nothingIsWovenWhenAPathIsWrong() throws Exception {
        Map<String, String> before = WeaveRun.state(classes);
        Path missing = directory.resolve("missing");
        Path source = classes.resolve("Demo.java");

        assertEquals(
                failed(
                        missing + " does not exist; name a directory of classes or a jar",
                        source + " is neither a directory nor a jar, which starts with its first entry; name one of"
                                + " these"),
                agentJar("weave", classes, missing, source));
        assertEquals(before, WeaveRun.state(classes));
    }

    @Test
    void outMustBeADirectoryOfItsOwn() throws Exception {
        Path inside = classes.resolve("woven");
        Path file = classes.resolve("Demo.java");
        Path other = Files.createDirectory(directory.resolve("other"));
        Path out = directory.resolve("out");

        assertEquals(
                failed("--out " + inside + " would write into " + classes + "; name another directory, or drop --out"),
                agentJar("weave", "--out", inside, classes));
        assertEquals(
                failed(file + " is not a directory; name one after --out"), agentJar("weave", "--out", file, other));
        assertEquals(
                failed(classes + " and " + other + " would both be written to " + out
                        + "; weave them to different places"),
                agentJar("weave", "--out", out, classes, other));
    }

    @Test
    void theRuntimeIsCompleteAsItIs() throws Exception {
        Path jar = directory.resolve("runtime.jar");
        Files.copy(WeaveRun.runtime(), jar, StandardCopyOption.COPY_ATTRIBUTES);
        byte[] before = Files.readAllBytes(jar);

        Outcome outcome = agentJar("weave", jar);

        assertTrue(outcome.out().startsWith("woven 0 of "), outcome.out());
        assertEquals(new Outcome(0, outcome.out(), ""), outcome);
        assertArrayEquals(before, Files.readAllBytes(jar));
    }

    @Test
    void withoutArgumentsOrWithHelpItPrintsItsUsage() throws Exception {
        Outcome usage = agentJar();

        assertTrue(
                usage.out().startsWith("usage: java -jar heddle-agent.jar weave [--out DIR] [--check] PATH...\n"),
                usage.out());
        assertEquals(new Outcome(0, usage.out(), ""), usage);
        assertEquals(usage, agentJar("--help"));
        assertEquals(usage, agentJar("weave", "--help"));
    }

    @Test
    void aWrongCommandLineIsOneLineAndTheUsage() throws Exception {
        String usage = agentJar().out();

        assertEquals(failed("unknown command 'waeve'; there is one: weave\n" + usage.strip()), agentJar("waeve"));
        assertEquals(
                failed("unknown option '--chekc'; there are --out DIR and --check\n" + usage.strip()),
                agentJar("weave", "--chekc", classes));
        assertEquals(
                failed("nothing to weave; name a directory of classes or a jar\n" + usage.strip()),
                agentJar("weave", "--check"));
        assertEquals(failed("option '--out' needs a directory\n" + usage.strip()), agentJar("weave", classes, "--out"));
        assertEquals(
                failed("option '--check' writes nothing, so there is nothing for '--out'; drop one\n" + usage.strip()),
                agentJar("weave", "--check", "--out", directory, classes));
    }
}
