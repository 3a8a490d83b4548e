package dev.heddle.weaver.fuzz;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares generated programs, each once as plain Java and once woven: the same inputs, the same failures, any awaits
 * suspended. By default it tries a fixed number of programs from fixed seeds and from one fresh seed, which is in the
 * name of its test. As many as one likes, from a seed one likes (a fresh one if none is given):
 *
 * <pre>{@code mvn -pl runtime,agent test -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dheddle.fuzz.programs=100000 -Dheddle.fuzz.seed=1}</pre>
 *
 * <p>A failure names the seed of its program: with that seed and {@code -Dheddle.fuzz.programs=1} the very program is
 * run again.
 */
class FuzzTest {

    private static final int PROGRAMS = 20;

    @TestFactory
    Stream<DynamicTest> generatedPrograms() {
        Integer programs = Integer.getInteger("heddle.fuzz.programs");
        Long seed = Long.getLong("heddle.fuzz.seed");
        long fresh = new SplittableRandom().nextLong(1L << 40);
        if (programs != null || seed != null) {
            return Stream.of(test(seed == null ? fresh : seed, programs == null ? PROGRAMS : programs));
        }
        return Stream.of(test(0, PROGRAMS), test(fresh, PROGRAMS));
    }

    @Tag("slow")
    @Tag("sweep")
    @TestFactory
    Stream<DynamicTest> moreGeneratedPrograms() {
        return IntStream.range(1, 3).mapToObj(i -> test(1_000_000L * i, PROGRAMS));
    }

    private static DynamicTest test(long seed, int programs) {
        String name = programs + " programs from seed " + seed;
        System.out.println("fuzz: " + name);
        return DynamicTest.dynamicTest(name, () -> Fuzzer.run(seed, programs));
    }
}
