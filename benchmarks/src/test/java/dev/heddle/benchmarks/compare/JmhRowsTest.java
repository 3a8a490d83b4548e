package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JmhRowsTest {

    private static final List<Jdk> JDKS =
            List.of(new Jdk(17, "17.0.1", Path.of("old")), new Jdk(25, "25.0.1", Path.of("new")));

    @Test
    void inAQuickRunTheVariantsOfAPeerShareAJvm() {
        assertEquals(
                List.of(
                        "row 12 timers: heddle, JDK 17",
                        "row 12 timers: completableFuture, JDK 25",
                        "row 12 timers: heddle, JDK 25",
                        "row 12 timers: plain, JDK 25",
                        "row 12 timers: platformThreads, JDK 25"),
                jobs(Effort.quick(), Row.TIMERS));
    }

    @Test
    void inAShortRunEachVariantHasItsTurnsOnBothJdks() {
        assertEquals(
                List.of(
                        "row 15 workers (work SKYNET): oneLoop, JDK 17",
                        "row 15 workers (work SKYNET): plain, JDK 17",
                        "row 15 workers (work SKYNET): twoLoops, JDK 17",
                        "row 15 workers (work SKYNET): oneLoop, JDK 25",
                        "row 15 workers (work SKYNET): plain, JDK 25",
                        "row 15 workers (work SKYNET): twoLoops, JDK 25",
                        "row 15 workers (work SPAWN): oneLoop, JDK 17",
                        "row 15 workers (work SPAWN): plain, JDK 17",
                        "row 15 workers (work SPAWN): twoLoops, JDK 17",
                        "row 15 workers (work SPAWN): oneLoop, JDK 25",
                        "row 15 workers (work SPAWN): plain, JDK 25",
                        "row 15 workers (work SPAWN): twoLoops, JDK 25",
                        "row 15 workers (work SWITCH): oneLoop, JDK 17",
                        "row 15 workers (work SWITCH): plain, JDK 17",
                        "row 15 workers (work SWITCH): twoLoops, JDK 17",
                        "row 15 workers (work SWITCH): oneLoop, JDK 25",
                        "row 15 workers (work SWITCH): plain, JDK 25",
                        "row 15 workers (work SWITCH): twoLoops, JDK 25"),
                jobs(Effort.brief(), Row.WORKERS));
    }

    private static List<String> jobs(Effort effort, Row row) {
        PrintStream log = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        JmhFork fork = new JmhFork(new Layout(Path.of("root"), Path.of("out")), effort, log);
        return new JmhRows(fork, effort, Target.all(), log)
                .jobs(row, JDKS).stream().map(Job::describe).toList();
    }
}
