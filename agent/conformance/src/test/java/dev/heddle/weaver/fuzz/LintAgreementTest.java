package dev.heddle.weaver.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.refusals.LintAgreement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The plugin of the compiler reports in generated programs what the weaver refuses there, and nothing else. */
@Tag("slow")
@Tag("sweep")
class LintAgreementTest {

    private static final int PROGRAMS = Integer.getInteger("heddle.fuzz.programs", 20);

    @Test
    void generatedProgramsWithRefusals() {
        int messages = 0;
        for (long seed = 0; seed < PROGRAMS; seed += 20) {
            Map<String, String> sources = new HashMap<>();
            for (long each = seed; each < seed + 20; each++) {
                Program program = Program.withRefusals(each);
                sources.put(program.className(true), program.source(true));
            }
            messages += LintAgreement.check(sources, SourceCompiler.compile(sources, List.of("-g")));
        }
        System.out.println("lint: " + messages + " messages in " + PROGRAMS + " programs");
        assertTrue(messages > PROGRAMS, messages + " messages");
    }

    @Test
    void generatedProgramsWithoutRefusals() {
        Map<String, String> sources = new HashMap<>();
        for (long seed = 0; seed < 10; seed++) {
            Program program = Program.of(seed);
            sources.put(program.className(true), program.source(true));
        }
        LintAgreement.check(sources, SourceCompiler.compile(sources, List.of("-g")));
        assertTrue(SourceCompiler.lint(sources).isEmpty());
    }
}
