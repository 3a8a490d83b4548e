package dev.heddle.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.monitor.LoopMeterLadder;
import dev.heddle.workers.WorkersLadder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the ladders, tests of the classes that several threads touch, in JVMs of jcstress. Each ladder has a table of the outcomes
 * that may be and those that may not, for two threads at a time. A build runs one table of each ladder for a moment. The profile
 * {@code full} runs all of them, and this command runs them for longer:
 *
 * <pre>{@code mvn -P full -pl runtime test -Dtest=LadderTest -Dheddle.stress=default}</pre>
 *
 * <p>The value is a mode of jcstress: {@code sanity}, {@code quick}, {@code default}, {@code tough}. The counts are in
 * {@code target/jcstress}.
 */
class LadderTest {

    private static final List<Class<?>> LADDERS = List.of(
            InboxLadder.class,
            CrossThreadLadder.class,
            SharedQueueLadder.class,
            LoopMeterLadder.class,
            WorkersLadder.class);

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

    /** One table of each ladder, whose fault would be a lost wake-up or a lost element. */
    private static final String FEW = "SendAndSleep|CompleteStage|PutAndCancel|ReadTimes|ClaimAndEnd";

    @Test
    void onlyAllowedOutcomesInATableOfEach() throws IOException, InterruptedException {
        check("Ladder\\.(" + FEW + ")$", Path.of("target", "jcstress-few"), BRIEFLY);
    }

    @Test
    @Tag("slow")
    @Tag("sweep")
    void onlyAllowedOutcomes() throws IOException, InterruptedException {
        String mode = System.getProperty("heddle.stress");
        check("Ladder", Path.of("target", "jcstress"), mode == null ? BRIEFLY : List.of("-m", mode));
    }

    private static void check(String tables, Path directory, List<String> extent)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                tables,
                "-v",
                "-r",
                "."));
        command.addAll(extent);
        Files.createDirectories(directory);
        Path output = directory.resolve("output.txt").toAbsolutePath();
        int exit = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String text = Files.readString(output);
        assertEquals(0, exit, text);
        assertTrue(text.contains("Failed tests: No matches."), text);
        assertTrue(text.contains("Error tests: No matches."), text);
        for (Class<?> ladder : LADDERS) {
            List<String> names = Stream.of(ladder.getClasses())
                    .map(table -> ladder.getName() + "." + table.getSimpleName())
                    .filter(name -> Pattern.compile(tables).matcher(name).find())
                    .toList();
            assertFalse(names.isEmpty(), () -> "no table of " + ladder + " matches " + tables);
            for (String name : names) {
                assertTrue(text.contains("[OK] " + name), () -> name + " did not run: " + text);
            }
        }
    }
}
