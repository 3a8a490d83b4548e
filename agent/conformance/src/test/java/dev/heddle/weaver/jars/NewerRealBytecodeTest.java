package dev.heddle.weaver.jars;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.OlderAsm;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The methods of the JDK with awaits anywhere, as class files that are newer than ASM. */
@Tag("slow")
@Tag("sweep")
@EnabledForJreRange(min = JRE.JAVA_24)
class NewerRealBytecodeTest {

    private static final long SEED = 20_270_101;

    @Test
    void wovenClassesAreTheSame() throws IOException {
        int woven = 0;
        for (Map.Entry<String, byte[]> entry :
                ClassFiles.ofModule("java.base", List.of("")).entrySet()) {
            byte[] injected = InjectedClass.of(entry.getValue(), SEED).classFile();
            WeaveResult expected = Weaver.weave(injected);
            WeaveResult actual = OlderAsm.weave(injected);
            assertEquals(expected.refusals(), actual.refusals(), entry.getKey());
            assertEquals(expected.dropped(), actual.dropped(), entry.getKey());
            assertEquals(expected.warnings(), actual.warnings(), entry.getKey());
            assertArrayEquals(expected.classFile(), actual.classFile(), entry.getKey());
            woven += actual.classFile() == null ? 0 : 1;
        }
        assertTrue(woven > 4_000, woven + " woven");
    }

    @Test
    void wovenClassesAreVerifiedByTheJvm() throws IOException {
        Map<String, byte[]> classFiles = ClassFiles.ofModule("java.base", List.of("java/util/concurrent/"));
        Tally tally = new ManyClasses(classFiles, Map.of(), SEED, OlderAsm::weave).run();
        assertEquals(List.of(), tally.errors);
        assertTrue(tally.counted("methods woven") >= 1_000, tally::toString);
    }
}
