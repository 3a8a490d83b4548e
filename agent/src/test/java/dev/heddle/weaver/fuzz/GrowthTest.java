package dev.heddle.weaver.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.MethodSizes;
import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;

/**
 * How long generated methods of all sizes become, with values and awaits everywhere in them: HotSpot compiles no method of more
 * than 8,000 bytes, and a class file holds none of 64 KB. Each is also run beside its plain version.
 */
class GrowthTest {

    private static final int COMPILED = 8_000;
    private static final int ALWAYS_COMPILED = 4_000;
    private static final int NEVER_REFUSED = 40_000;
    private static final String METHOD = "start(";

    /** Of about 200 to 4,500 bytes. */
    @TestFactory
    Stream<DynamicTest> smallMethods(TestReporter reporter) {
        return programs(0, Integer.getInteger("heddle.fuzz.programs", 24), 20, 600, reporter);
    }

    /** Of about 5,000 to 50,000 bytes. */
    @TestFactory
    Stream<DynamicTest> largeMethods(TestReporter reporter) {
        return programs(10_000, Integer.getInteger("heddle.fuzz.programs", 40) / 8, 800, 6_000, reporter);
    }

    @Tag("slow")
    @TestFactory
    Stream<DynamicTest> manyMethods(TestReporter reporter) {
        return Stream.concat(programs(20_000, 80, 20, 600, reporter), programs(30_000, 12, 800, 6_000, reporter));
    }

    private static Stream<DynamicTest> programs(int seed, int count, int least, int most, TestReporter reporter) {
        return IntStream.range(0, count)
                .mapToObj(i -> DynamicTest.dynamicTest(
                        "seed " + (seed + i),
                        () -> check(seed + i, least + (most - least) * i / Math.max(1, count - 1), reporter)));
    }

    private static void check(long seed, int budget, TestReporter reporter) {
        Program program = Program.large(seed, budget);
        Map<String, byte[]> classFiles;
        try {
            classFiles = SourceCompiler.compile(
                    Map.of(
                            program.className(true), program.source(true),
                            program.className(false), program.source(false)),
                    List.of("-g"));
        } catch (SourceCompiler.Rejected notJava) {
            return; // more than 64 KB as compiled, or what javac itself fails at
        }
        byte[] compiled = classFiles.get(program.className(true));
        WeaveResult result = Weaver.weave(compiled);
        int before = sizeOf(MethodSizes.compiled(compiled));
        if (before > NEVER_REFUSED && !result.refusals().isEmpty()) {
            return;
        }
        assertEquals(List.of(), result.refusals().stream().map(Refusal::message).toList(), before + " bytes");
        int after = sizeOf(MethodSizes.woven(result.classFile()));
        reporter.publishEntry("seed " + seed, before + " bytes, woven " + after);
        assertTrue(before > ALWAYS_COMPILED || after <= COMPILED, before + " bytes became " + after);
        assertNull(Comparison.of(program, classFiles));
    }

    private static int sizeOf(Map<String, Integer> methods) {
        return methods.entrySet().stream()
                .filter(method -> method.getKey().startsWith(METHOD))
                .mapToInt(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }
}
