package dev.heddle.samples.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Runs programs of the system. */
final class Programs {

    private Programs() {}

    /** Runs {@code program} and returns what it prints; fails unless it succeeds within a minute. Without the program, the test is skipped. */
    static String run(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(path(program)));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("heddle-", ".out");
        Path err = Files.createTempFile("heddle-", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    throw new AssertionError(program + " runs for more than a minute");
                }
            } finally {
                process.destroyForcibly();
            }
            assertEquals(0, process.exitValue(), () -> command + ": " + text(err));
            return text(out);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String path(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseGet(() -> Assumptions.abort(program + " is not installed"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException unreadable) {
            throw new AssertionError("cannot read " + file, unreadable);
        }
    }
}
