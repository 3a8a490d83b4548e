package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Measures one row in the shortest way, with JMH's forks and the agent. */
@Tag("slow")
class CompareIT {

    /** Failsafe names the agent, which is in {@code agent/target}. */
    private static final Path ROOT =
            Path.of(System.getProperty("heddle.agent.jar")).resolve("../../..").normalize();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path temp;

    @Test
    void measuresARow() throws Exception {
        int code = run(
                "--quick",
                "--strict",
                "--java-only",
                "--jdk",
                System.getProperty("java.home"),
                "--out",
                temp.toString(),
                "call");
        assertEquals(0, code, err::toString);
        String jdk = Integer.toString(Runtime.version().feature());
        String table = Files.readString(temp.resolve("compare.md"));
        String row = table.lines()
                .filter(line -> line.startsWith("| 1 |"))
                .findFirst()
                .orElse(table);
        assertTrue(row.contains("| " + jdk + " |") && row.contains("plain "), row);
        assertFalse(table.contains("failed"), table);
        assertTrue(Files.readString(temp.resolve("compare-jdk" + jdk + ".svg")).startsWith("<svg"));
        assertTrue(Files.readString(temp.resolve("values.txt")).contains("1 - "));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("row 1 call: heddle, JDK " + jdk));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void failsForAJvmThatDoesNotStartOnlyIfItIsToBeStrict() throws Exception {
        Path jdk = brokenJdk("jdk");
        String[] words = {
            "--quick", "--java-only", "--jdk", jdk.toString(), "--out", temp.toString(), "loop", "--strict"
        };

        assertEquals(0, run(Arrays.copyOf(words, words.length - 1)));
        assertEquals(1, run(words));
        assertTrue(err.toString(StandardCharsets.UTF_8)
                .contains("benchmarks/compare: row 2 loop: heddle, JDK 17 failed\n"));
    }

    /** A JDK 17 whose JVM does not start. */
    private Path brokenJdk(String name) throws IOException {
        Path jdk = temp.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nexit 3\n");
        Files.setPosixFilePermissions(jdk.resolve("bin/java"), PosixFilePermissions.fromString("rwx------"));
        return jdk;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void refusesTwoJdksWhoseFiguresWouldBeOne() throws Exception {
        Path one = brokenJdk("one");
        Path other = brokenJdk("other");
        assertEquals(2, run("--jdk", one.toString(), "--jdk", other.toString(), "loop"));
        assertEquals(
                "benchmarks/compare: " + one + " and " + other
                        + " are both JDK 17, and one of each version is measured; leave one out\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertEquals(2, run("--quick", "nonsense"));
        assertTrue(err.toString(StandardCharsets.UTF_8)
                .startsWith("benchmarks/compare: there is no row nonsense; there are 1 call"));
    }

    @Test
    void listsTheRows() throws Exception {
        assertEquals(0, run("--list"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("13 echo      a server echoes messages over TCP"));
    }

    private int run(String... words) throws Exception {
        return Compare.run(
                List.of(words),
                ROOT,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
