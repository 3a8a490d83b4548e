package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @TempDir
    Path temp;

    @Test
    void aProgramThatIsNotThereIsNamed() {
        Command absent = Command.of(List.of(temp.resolve("absent").toString()));
        JobException failure = assertThrows(JobException.class, () -> absent.measure(log()));
        assertTrue(failure.getMessage().startsWith(temp.resolve("absent") + " cannot be run: "), failure.getMessage());
    }

    @Test
    void aProgramThatPrintsNoValueIsNamed() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        JobException failure = assertThrows(
                JobException.class, () -> Command.of(List.of(java, "-version")).measure(log()));
        assertEquals(java + " printed no measured value; the log has its output", failure.getMessage());
        assertTrue(log.toString(StandardCharsets.UTF_8).startsWith("$ " + java + " -version\n"));
    }

    @Test
    void aProgramThatDoesNotEndIsEnded() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Command endless = Command.of(
                        List.of(java, "-cp", System.getProperty("java.class.path"), Endless.class.getName()))
                .within(Duration.ofSeconds(2));
        JobException failure = assertThrows(JobException.class, () -> endless.measure(log()));
        assertEquals(java + " did not end within 2 s", failure.getMessage());
        assertTrue(log.toString(StandardCharsets.UTF_8).endsWith("\nbegun\n"), log::toString);
    }

    /** A program that waits for ever, with its output open. */
    static final class Endless {

        private Endless() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println("begun");
            Thread.currentThread().join();
        }
    }

    @Test
    void ofALongOutputTheBeginningAndTheEndAreLogged() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Command failing =
                Command.of(List.of(java, "-cp", System.getProperty("java.class.path"), Talkative.class.getName()));
        JobException failure = assertThrows(JobException.class, () -> failing.run(log()));
        assertEquals(java + " ended with 3; it printed last: line 1000", failure.getMessage());
        List<String> lines = log.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals("line 1", lines.get(1));
        assertEquals("(800 lines)", lines.get(101));
        assertEquals("line 1000", lines.get(lines.size() - 1));
    }

    /** A program that prints a thousand lines, and fails. */
    static final class Talkative {

        private Talkative() {}

        public static void main(String[] args) {
            for (int i = 1; i <= 1_000; i++) {
                System.out.println("line " + i);
            }
            System.exit(3);
        }
    }

    @Test
    void languagesThatCannotBeBuiltAreMissingAndNoError() throws Exception {
        List<String> missing = new ArrayList<>();
        Layout empty = new Layout(temp, temp);
        List<Language> found = new Languages(empty, log(), missing::add).find();
        assertTrue(found.stream().noneMatch(language -> language.name().equals("go")), found.toString());
        assertTrue(missing.stream().anyMatch(text -> text.startsWith("Go: ")), missing.toString());
        assertTrue(missing.stream().anyMatch(text -> text.startsWith("tokio: ")), missing.toString());
    }

    private PrintStream log() {
        return new PrintStream(log, true, StandardCharsets.UTF_8);
    }
}
