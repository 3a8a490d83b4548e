package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.agent.buildtime.WeaveRun;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option {@code dump=DIR}: every woven class is below {@code DIR}, whatever its name is. */
class DumpIT {

    /** Defines classes of any name. The JVM refuses most of them, but only after the agent has seen them. */
    private static final String LOADING = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import java.nio.file.*;
            import java.util.concurrent.*;

            class Loading extends ClassLoader {
                static class Work {
                    @Async
                    static Coroutine<Integer> work() {
                        await(sleep(0));
                        return Coroutine.of(1);
                    }
                }

                static void define(String name, byte[] code) {
                    try {
                        new Loading().defineClass(name, code, 0, code.length);
                    } catch (LinkageError | SecurityException refused) {
                        // by the JVM, as expected
                    }
                }

                public static void main(String[] args) throws Exception {
                    byte[] code = Files.readAllBytes(Path.of(args[0]));
                    byte[] other = Files.readAllBytes(Path.of(args[1]));
                    String[] names = {
                        "..x.y", "", ".", "..", "a..b", "C:\\\\x.Y", "..\\\\..\\\\up", "CON", "com1.nul", "x".repeat(300),
                        "na\\u00efve", "zero\\0", "\\ud800", "tab\\t", "percent%41", "tilde~2", "star*?", "dash-info",
                        "linked.X"
                    };
                    for (String name : names) {
                        define(name, code);
                    }
                    define("case", code);
                    define("CASE", code);
                    ExecutorService threads = Executors.newFixedThreadPool(8);
                    for (int i = 0; i < 200; i++) {
                        byte[] version = i % 2 == 0 ? code : other;
                        threads.execute(() -> define("Demo", version));
                    }
                    threads.shutdown();
                    threads.awaitTermination(60, TimeUnit.SECONDS);
                    System.out.println(run(Work.work()));
                }
            }
            """;

    private static final List<String> FILES = List.of(
            "%/%.class",
            "%/%/%.class",
            "%/%/x/y.class",
            "%.class",
            "%/%/%5C/%/%5Cup.class",
            "C%3A%5Cx/Y.class",
            "CON%.class",
            "Demo.class",
            "Demo~2.class",
            "Loading$Work.class",
            "a/%/b.class",
            "case.class",
            "com1%/nul%.class",
            "dash-info.class",
            "na%C3%AFve.class",
            "percent%2541.class",
            "%3F.class",
            "star%2A%3F.class",
            "tab%09.class",
            "tilde%7E2.class",
            "x".repeat(200) + "~" + Integer.toHexString("x".repeat(300).hashCode()) + ".class",
            "zero%00.class");

    @TempDir
    private Path directory;

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void nothingIsWrittenOutsideOfTheDirectory() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Path other = Files.createDirectory(directory.resolve("other"));
        Path around = Files.createDirectory(directory.resolve("around"));
        Path real = Files.createDirectories(around.resolve("a/b/dump"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path dump = Files.createSymbolicLink(directory.resolve("dump"), real);
        Files.createSymbolicLink(real.resolve("linked"), elsewhere);
        Program.compile(classes, "Loading", LOADING);
        Program.compile(classes, "Demo", WeaveRun.DEMO);
        Program.compile(other, "Demo", WeaveRun.DEMO.replace("work(7)", "work(17)"));

        Outcome outcome = WeaveRun.tool(
                "java",
                "-javaagent:" + Program.agentJar() + "=dump=" + dump,
                "-cp",
                classes + ":" + WeaveRun.runtime(),
                "Loading",
                classes.resolve("Demo.class"),
                other.resolve("Demo.class"));

        assertEquals("1\n", outcome.out(), outcome.err());
        assertEquals(FILES.stream().map("a/b/dump/"::concat).sorted().toList(), files(around));
        assertEquals(List.of(), files(elsewhere));
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(
                outcome.err()
                        .startsWith("heddle-agent: cannot write linked.X below " + dump + ": java.io.IOException: "),
                outcome.err());
    }

    @Test
    void aClassIsWovenEvenIfItCannotBeWritten() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        Outcome outcome = Program.compile(directory, "Demo", WeaveRun.DEMO)
                .withAgent("dump=" + file)
                .run("Demo");

        assertEquals("7\n", outcome.out());
        assertTrue(outcome.err().startsWith("heddle-agent: cannot write Demo below " + file + ": "), outcome.err());
    }
}
