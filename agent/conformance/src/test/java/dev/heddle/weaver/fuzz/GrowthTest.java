package dev.heddle.weaver.fuzz;

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

    /** A compact body has at most so many times the bytes of the method: a method of a third of the limit is compiled always. */
    private static final int GROWTH = 3;

    private static final int NEVER_REFUSED = 40_000;

    /** Of about 200 to 4,500 bytes. */
    @TestFactory
    Stream<DynamicTest> smallMethods(TestReporter reporter) {
        return programs(0, Integer.getInteger("heddle.fuzz.programs", 8), 20, 600, reporter);
    }

    /** Of about 5,000 to 50,000 bytes. */
    @Tag("slow")
    @Tag("sweep")
    @TestFactory
    Stream<DynamicTest> largeMethods(TestReporter reporter) {
        return programs(10_000, Integer.getInteger("heddle.fuzz.programs", 16) / 8, 800, 6_000, reporter);
    }

    @Tag("long")
    @TestFactory
    Stream<DynamicTest> manyMethods(TestReporter reporter) {
        return Stream.concat(programs(20_000, 24, 20, 600, reporter), programs(30_000, 4, 800, 6_000, reporter));
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
        Map<String, Integer> before = MethodSizes.compiled(compiled);
        for (Refusal refusal : result.refusals()) {
            int size = largest(before, refusal.method());
            assertTrue(size > NEVER_REFUSED, size + " bytes: " + refusal.message());
        }
        if (!result.refusals().isEmpty()) {
            return;
        }
        MethodSizes.woven(result.classFile()).forEach((method, after) -> {
            int size = before.get(method);
            reporter.publishEntry("seed " + seed, method + ": " + size + " bytes, woven " + after);
            assertTrue(after <= Math.max(COMPILED, GROWTH * size), method + ": " + size + " bytes became " + after);
        });
        assertNull(Comparison.of(program, classFiles));
    }

    /** The size of the largest method of this name. */
    private static int largest(Map<String, Integer> sizes, String name) {
        return sizes.entrySet().stream()
                .filter(method -> method.getKey().startsWith(name + "("))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElseThrow();
    }
}
