package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A JVM with a low limit on what is encrypted with a key ({@code jdk.tls.keyLimits}), as the JDK reads it once. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class KeyLimitsIT {

    @TempDir
    Path directory;

    @Test
    void keysAreRenewedWhileMuchGoesBothWays() throws Exception {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(ExhaustionIT.command("true", KeyLimits.class));
        command.add(command.size() - 1, "-Djavax.net.debug=ssl:handshake");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "it does not end: " + process);
            List<String> lines = Files.readAllLines(output);
            assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
            assertEquals(
                    2,
                    lines.stream().filter(line -> line.startsWith("whole with")).count());
            long renewals = lines.stream()
                    .filter(line -> line.contains("Produced KeyUpdate"))
                    .count();
            assertTrue(renewals > 2 * 2 * 30, renewals + " renewals"); // of two suites and two sides
        } finally {
            process.destroyForcibly();
        }
    }
}
