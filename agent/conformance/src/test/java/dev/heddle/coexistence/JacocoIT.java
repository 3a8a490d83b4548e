package dev.heddle.coexistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jacoco.agent.AgentJar;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * JaCoCo's agent beside ours. For coverage it must come first, for two reasons. It notes what ran by a checksum of the class
 * file it was given, and reports look for the checksum of the compiled one. And its reports leave out synthetic methods, as
 * the bodies are: on their lines are branches that the source does not have.
 */
@Tag("slow")
@Timeout(60)
class JacocoIT {

    /** Line by line the same with {@link #PLAIN}. */
    private static final String ASYNC = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Covered {
                @Async
                static Coroutine<Integer> step(int i) {
                    await(sleep(0));
                    if (i == 3) {
                        throw new IllegalArgumentException("three");
                    }
                    return Coroutine.of(i);
                }

                @Async
                static Coroutine<Integer> sum(int count) {
                    int sum = 0;
                    for (int i = 0; i < count; i++) {
                        try {
                            sum += await(step(i)) + (i % 2 == 0 ? await(step(10)) : 1);
                        } catch (IllegalArgumentException e) {
                            sum += 100;
                        } catch (IllegalStateException e) {
                            sum += 1000;
                        } finally {
                            sum++;
                        }
                    }
                    if (sum < 0) {
                        await(step(3));
                        sum = 0;
                    }
                    return Coroutine.of(sum);
                }

                public static void main(String[] args) {
                    System.out.println(run(sum(5)));
                }
            }
            """;

    private static final String PLAIN = ASYNC.replace("await(sleep(0))", "Thread.yield()")
            .replaceAll("await\\((step\\(\\w+\\))\\)", "$1")
            .replace("@Async", "")
            .replace("Coroutine<Integer>", "int")
            .replace("Coroutine.of(", "(")
            .replace("run(", "(");

    private static final int CLASS_LINE = 4;

    private static final int MAIN_LINE = 36;

    private static final Outcome RIGHT = new Outcome(0, "143\n", "");

    @TempDir
    private Path directory;

    private String jacoco = "";

    @BeforeEach
    void extractTheAgent() throws IOException {
        Path jar = directory.resolve("jacocoagent.jar");
        AgentJar.extractTo(jar.toFile());
        jacoco = "-javaagent:" + jar + "=includes=Covered,destfile=" + execution();
    }

    @Test
    void aheadOfOursJacocoCoversAsyncMethodsAsItCoversPlainOnes() throws Exception {
        assertEquals(
                RIGHT, Program.compile(directory, "Covered", PLAIN).with(jacoco).run("Covered"));
        Map<Integer, String> plain = coverage();
        Files.delete(execution());

        Outcome outcome = Program.compile(directory, "Covered", ASYNC)
                .with(jacoco)
                .withAgent("verify=true")
                .run("Covered");

        assertEquals(RIGHT, outcome);
        assertFalse(plain.isEmpty());
        assertEquals(plain, coverage());
    }

    @Test
    void behindOursJacocoLetsTheProgramRunAndCoversNothing() throws Exception {
        Outcome outcome = Program.compile(directory, "Covered", ASYNC)
                .withAgent("verify=true")
                .with(jacoco)
                .run("Covered");

        assertEquals(RIGHT, outcome);
        assertEquals(List.of("Covered"), classesOfAnotherChecksum());
        Map<Integer, String> lines = coverage();
        assertNotEquals(Map.of(), lines);
        lines.values().forEach(status -> assertEquals("not covered", status));
    }

    private Path execution() {
        return directory.resolve("jacoco.exec");
    }

    @Test
    void ofAWovenClassNoLineIsReported() throws Exception {
        Outcome outcome = Program.compile(directory, "Covered", ASYNC)
                .withAgent("dump=" + directory.resolve("woven"))
                .with(jacoco)
                .run("Covered");

        assertEquals(RIGHT, outcome);
        CoverageBuilder woven = analyzed(directory.resolve("woven").resolve("Covered.class"));
        assertEquals(0, woven.getNoMatchClasses().size());
        TreeSet<Integer> lines = new TreeSet<>(linesOf(woven).keySet());
        assertEquals(new TreeSet<>(List.of(CLASS_LINE, MAIN_LINE, MAIN_LINE + 1)), lines);
    }

    private List<String> classesOfAnotherChecksum() throws IOException {
        return analyzed(directory.resolve("Covered.class")).getNoMatchClasses().stream()
                .map(IClassCoverage::getName)
                .toList();
    }

    /** How far each line was covered, branches too. */
    private Map<Integer, String> coverage() throws IOException {
        return linesOf(analyzed(directory.resolve("Covered.class")));
    }

    private CoverageBuilder analyzed(Path classFile) throws IOException {
        ExecFileLoader execution = new ExecFileLoader();
        execution.load(execution().toFile());
        CoverageBuilder coverage = new CoverageBuilder();
        new Analyzer(execution.getExecutionDataStore(), coverage).analyzeAll(classFile.toFile());
        return coverage;
    }

    private static Map<Integer, String> linesOf(CoverageBuilder coverage) {
        Map<Integer, String> lines = new TreeMap<>();
        for (ISourceFileCoverage file : coverage.getSourceFiles()) {
            for (int number = file.getFirstLine(); number <= file.getLastLine(); number++) {
                ILine line = file.getLine(number);
                ICounter branches = line.getBranchCounter();
                String status = branches.getCoveredCount() + " of " + branches.getTotalCount() + " branches";
                switch (line.getStatus()) {
                    case ICounter.EMPTY -> {}
                    case ICounter.NOT_COVERED -> lines.put(number, "not covered");
                    case ICounter.FULLY_COVERED -> lines.put(number, "covered, " + status);
                    default -> lines.put(number, "partly covered, " + status);
                }
            }
        }
        return lines;
    }
}
