package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.testkit.Program;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A JVM with 60 descriptors. With each number of free ones, everything works, or fails with an exception that says why, and leaks none. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class ExhaustionIT {

    private static final Pattern ATTEMPT = Pattern.compile("(\\w+) (\\d+) (\\d+) (works|fails (.*))");

    @TempDir
    Path directory;

    /** Returns a command that runs the program {@code main} under the agent after {@code limits}, commands of the shell. */
    static List<String> command(String limits, Class<?> main) {
        return List.of(
                "/bin/sh",
                "-c",
                limits + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UseContainerSupport", // with it, threads of the JVM open files at any time
                "-javaagent:" + Program.agentJar(),
                "-cp",
                Program.whereIs(Coroutine.class) + File.pathSeparator + Program.whereIs(main),
                main.getName());
    }

    private List<String> output() throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command("ulimit -n 60", Exhaustion.class))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "it does not end: " + process);
            String text = Files.readString(output);
            assertEquals(0, process.exitValue(), text);
            return text.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void everythingWorksAgainWhenDescriptorsAreFree() throws Exception {
        List<String> lines = output();
        int attempts = 0;
        for (String line : lines) {
            Matcher attempt = ATTEMPT.matcher(line);
            if (attempt.matches()) {
                attempts++;
                assertEquals("0", attempt.group(3), "leaked descriptors: " + line);
                boolean works = attempt.group(4).equals("works");
                int free = Integer.parseInt(attempt.group(2));
                assertTrue(free > 0 || !works, line);
                assertTrue(free < 24 || works, line);
                assertTrue(works || line.contains("oo many open files"), line);
                assertTrue(works || line.contains("allow the process more descriptors"), line);
            }
        }
        String all = String.join("\n", lines);
        assertEquals(5 * 25, attempts, all);
        assertEquals(2, lines.stream().filter("connections 0"::equals).count(), all);
        assertEquals(2 * 5, lines.stream().filter("served"::equals).count(), all);
        assertEquals(2, lines.stream().filter("reports 1"::equals).count(), all);
        assertTrue(lines.contains("leaked 0"), all);
        assertTrue(
                lines.stream()
                        .anyMatch(
                                line -> line.matches(
                                        "report cannot accept connections at 127.0.0.1:\\d+: Too many"
                                                + " open files; allow the process more descriptors, or let the server have fewer connections")),
                all);
    }
}
