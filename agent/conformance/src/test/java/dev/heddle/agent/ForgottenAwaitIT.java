package dev.heddle.agent;

import static dev.heddle.agent.buildtime.WeaveRun.agentJar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A forgotten await is reported by a plain {@code javac}, by the agent, and at build time. */
class ForgottenAwaitIT {

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Forgets {
                @Async
                static Coroutine<Void> work() {
                    await(sleep(0));
                    return Coroutine.done();
                }

                public static void main(String[] args) {
                    Caller.call();
                    System.out.println("done");
                }
            }

            class Caller {
                static void call() {
                    Forgets.work();
                }
            }
            """;

    private static final String BLOCKS = """
            import dev.heddle.*;

            class Blocks {
                @Async
                static Coroutine<Void> work() throws InterruptedException {
                    Thread.sleep(1);
                    return Coroutine.done();
                }
            }
            """;

    private static final String MESSAGE = "Caller.call (Forgets.java:19): the coroutine that work returns is dropped,"
            + " so it never runs; await it, or start it with createTask";

    @TempDir
    private Path directory;

    private Outcome javac(String name, String source, String... options) throws IOException, InterruptedException {
        Files.writeString(directory.resolve(name + ".java"), source);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "javac").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", Program.whereIs(Coroutine.class).toString(), name + ".java"));
        Path output = directory.resolve("javac.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Outcome(process.waitFor(), Files.readString(output), "");
    }

    private static void assertFound(Outcome outcome) {
        assertEquals(1, outcome.exitCode());
        assertTrue(
                outcome.out()
                        .startsWith(
                                "Forgets.java:19: error: [heddle] the coroutine that work returns is dropped, so it never"
                                        + " runs; await it in an @Async method, start it with createTask, or run it with"
                                        + " Asyncio.run"),
                outcome.out());
    }

    @Test
    void javacFindsIt() throws Exception {
        assertFound(javac("Forgets", SOURCE));
        assertFound(javac("Forgets", SOURCE, "-proc:none"));
    }

    @Test
    void warningsAreErrorsIfTheCompilerSaysSo() throws Exception {
        Outcome outcome = javac("Blocks", BLOCKS, "-proc:none", "-Werror");
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.out().startsWith("Blocks.java:6: warning: [heddle] Thread.sleep blocks"), outcome.out());
        assertTrue(outcome.out().contains("error: warnings found and -Werror specified"), outcome.out());
    }

    @Test
    void theAgentFindsIt() throws Exception {
        Outcome outcome =
                Program.compile(directory, "Forgets", SOURCE).withAgent("").run("Forgets");
        assertEquals(new Outcome(0, "done\n", "heddle-agent: " + MESSAGE + "\n"), outcome);
    }

    @Test
    void theBuildFindsIt() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Program.compile(classes, "Forgets", SOURCE);
        assertEquals(
                new Outcome(1, "checked 2 classes in " + classes + "; 1 dropped\n", "heddle-agent: " + MESSAGE + "\n"),
                agentJar("weave", "--check", classes));
        assertEquals(
                new Outcome(
                        0, "woven 1 of 2 classes in " + classes + "; 1 dropped\n", "heddle-agent: " + MESSAGE + "\n"),
                agentJar("weave", classes));
    }
}
