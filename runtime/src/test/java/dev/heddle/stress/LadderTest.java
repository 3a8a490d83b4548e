package dev.heddle.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.LoopMeterLadder;
import dev.heddle.workers.WorkersLadder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs the ladders, tests of the classes that several threads touch, in JVMs of jcstress. Each has a table of the outcomes
 * that may be and those that may not, for two threads at a time. In a build they run for a moment; for as long as one likes with
 *
 * <pre>{@code mvn -pl runtime test -Dtest=LadderTest -Dheddle.stress=default}</pre>
 *
 * <p>The value is a mode of jcstress: {@code sanity}, {@code quick}, {@code default}, {@code tough}. What was counted is in
 * {@code target/jcstress}.
 */
class LadderTest {

    private static final List<Class<?>> LADDERS = List.of(
            InboxLadder.class,
            CrossThreadLadder.class,
            SharedQueueLadder.class,
            LoopMeterLadder.class,
            WorkersLadder.class);

    private static final Path DIRECTORY = Path.of("target", "jcstress");

    /** One kind of JVM, one form of compilation, and a moment for each table. */
    private static final List<String> BRIEFLY = List.of(
            "-sc",
            "false",
            "-af",
            "NONE",
            "-f",
            "1",
            "-fsm",
            "1",
            "-iters",
            "1",
            "-time",
            "100",
            "-spinStyle",
            "THREAD_YIELD",
            "-jvmArgs",
            "-XX:+UseSerialGC");

    @Test
    void onlyAllowedOutcomes() throws IOException, InterruptedException {
        String mode = System.getProperty("heddle.stress");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                "Ladder",
                "-v",
                "-r",
                "."));
        command.addAll(mode == null ? BRIEFLY : List.of("-m", mode));
        Files.createDirectories(DIRECTORY);
        Path output = DIRECTORY.resolve("output.txt").toAbsolutePath();
        int exit = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String text = Files.readString(output);
        assertEquals(0, exit, text);
        assertTrue(text.contains("Failed tests: No matches."), text);
        assertTrue(text.contains("Error tests: No matches."), text);
        for (Class<?> ladder : LADDERS) {
            for (Class<?> table : ladder.getClasses()) {
                String name = ladder.getName() + "." + table.getSimpleName();
                assertTrue(text.contains("[OK] " + name), () -> name + " did not run: " + text);
            }
        }
    }
}
