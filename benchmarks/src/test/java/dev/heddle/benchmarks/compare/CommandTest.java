package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
