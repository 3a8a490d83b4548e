package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link StackSweep}, as this JVM compiles it, and in JVMs of their own, where the frames have other sizes. */
class StackSweepTest {

    /** The sweep found nothing, and did meet the end of the stack. */
    private static void check(String printed) {
        assertTrue(printed.matches("\\d+ trials of \\d+ operations, \\d+ overflows\\R?"), printed);
        assertTrue(!printed.endsWith(", 0 overflows"), printed);
    }

    @Test
    void structuresAreWholeAfterAnOverflow() throws InterruptedException {
        check(StackSweep.sweep(13));
    }

    @Test
    @Tag("slow")
    @Tag("sweep")
    void structuresAreWholeAfterAnOverflowAnywhere() throws InterruptedException {
        check(StackSweep.sweep(1));
    }

    @Test
    @Tag("slow")
    @Tag("sweep")
    void structuresAreWholeAfterAnOverflowInInterpretedCode() throws IOException, InterruptedException {
        check(sweepWith("-Xint"));
    }

    @Test
    @Tag("slow")
    @Tag("sweep")
    void structuresAreWholeAfterAnOverflowInCodeOfTheFirstCompiler() throws IOException, InterruptedException {
        check(sweepWith("-XX:TieredStopAtLevel=1"));
    }

    private static String sweepWith(String option) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        StackSweep.class.getName(),
                        "1")
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed;
    }
}
