package dev.heddle.weaver.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.weaver.OlderAsm;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated programs, some of which are refused, as class files that are newer than ASM. */
@EnabledForJreRange(min = JRE.JAVA_24)
class NewerFuzzTest {

    @ParameterizedTest
    @ValueSource(strings = {"-g", "-g:none"})
    void wovenProgramsAreTheSame(String option) {
        compare(0, 10, option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-g", "-g:none"})
    @Tag("slow")
    @Tag("sweep")
    void moreWovenProgramsAreTheSame(String option) {
        compare(1_000, 100, option);
    }

    private static void compare(long seed, int count, String option) {
        for (long each = seed; each < seed + count; each++) {
            Program program = each % 3 == 0 ? Program.withRefusals(each) : Program.of(each);
            compile(program, option).forEach(NewerFuzzTest::compare);
        }
    }

    private static void compare(String name, byte[] classFile) {
        WeaveResult expected = Weaver.weave(classFile);
        WeaveResult actual = OlderAsm.weave(classFile);
        assertEquals(expected.refusals(), actual.refusals(), name);
        assertEquals(expected.dropped(), actual.dropped(), name);
        assertArrayEquals(expected.classFile(), actual.classFile(), name);
    }

    /** The class files of a program, none if it is not Java. */
    private static Map<String, byte[]> compile(Program program, String option) {
        try {
            Map<String, String> sources = new HashMap<>();
            sources.put(program.className(true), program.source(true));
            return SourceCompiler.compile(sources, List.of(option));
        } catch (SourceCompiler.Rejected notJava) {
            return Map.of();
        }
    }
}
